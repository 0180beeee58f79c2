package agent

import (
	"flag"
	"os"
)

// serveMain makes the program's main function the entry. The runtime calls it in place of main.main.
func serveMain(main func()) {
	arguments := append([]string(nil), os.Args...)
	flags := flag.CommandLine
	Serve(nil, nil, func([]any) (bool, bool, string) {
		os.Args = append([]string(nil), arguments...)
		flag.CommandLine = again(flags)
		main()
		return false, false, ""
	})
	exitNow(0)
}

// again is a copy of the flags that were defined before main ran, so that main may define its own and parse once more. The
// variables behind them keep their values from call to call but for those that the arguments set anew.
func again(defined *flag.FlagSet) *flag.FlagSet {
	fresh := flag.NewFlagSet(os.Args[0], flag.ExitOnError)
	defined.VisitAll(func(f *flag.Flag) {
		f.Value.Set(f.DefValue)
		fresh.Var(f.Value, f.Name, f.Usage)
	})
	fresh.Usage = defined.Usage
	fresh.SetOutput(defined.Output())
	return fresh
}
