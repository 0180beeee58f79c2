// What exploring keeps from run to run, as its user sees it: listed, merged, and still there after a kill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>

#include "harness/end_to_end_fixture.h"
#include "harness/input/fuzz_engine.h"
#include "harness/input/value.h"

namespace goleakstress {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr char kTest[] = R"(package m

import "testing"

func FuzzHandle(f *testing.F) {
	f.Add("hello")
	f.Fuzz(func(t *testing.T, s string) { Handle(s) })
}
)";
constexpr char kParser[] = R"(package m

import (
	"sync"
	"time"
)

var sink int

func Handle(s string) {
	switch {
	case s == "die":
		new(sync.Mutex).Unlock()
	case s == "wait":
		time.Sleep(time.Millisecond)
	}
	for i := range s {
		switch s[i] {
		case 'a':
			sink++
		case 'b':
			sink--
		}
	}
}
)";

class Corpora : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    Write("m/go.mod", "module example.com/m\n\ngo 1.23\n");
    Write("m/m.go", kParser);
    Write("m/m_test.go", kTest);
  }

  // The corpus of the only entry.
  std::string CorpusDir() const {
    const auto listed = Run(
        {"fuzz", "-list-corpus", Path("m"), "-work", Path("work"), "-format", "json=" + Path("list.json")});
    EXPECT_EQ(listed.outcome.exit_code, 0) << listed.out << listed.err;
    const report::Report report = Read("list.json");
    EXPECT_EQ(report.corpora().corpus_size(), 1) << listed.out;
    return report.corpora().corpus_size() == 1 ? report.corpora().corpus(0).directory() + "/corpus" : "";
  }

  void Explore() const {
    const auto run = Run({"run", Path("m"), "-work", Path("work"), "-budget", "3s", "-seed", "7"});
    ASSERT_NE(run.outcome.exit_code, 3) << run.out << run.err;
  }

  static void Put(const std::string& directory, const std::string& name, const std::string& text) {
    std::ofstream(directory + "/" + name)
        << input::EncodeUnit({input::TextValue(input::Kind::kString, text)});
  }

  static std::set<std::string> Files(const std::string& directory) {
    std::set<std::string> names;
    for (const auto& file : fs::directory_iterator(directory)) names.insert(file.path().filename());
    return names;
  }
};

TEST_F(Corpora, AMergeKeepsWhatAddsSomethingAndSetsAsideWhatKills) {
  ASSERT_NO_FATAL_FAILURE(Explore());
  const std::string directory = CorpusDir();
  ASSERT_FALSE(Files(directory).empty());
  for (const std::string& name : Files(directory)) fs::remove(directory + "/" + name);
  Put(directory, "small", "ab");
  Put(directory, "large", "a------b--------");
  Put(directory, "killer", "die");
  Put(directory, "other", "aaaaaaaa");
  std::ofstream(directory + "/rubbish") << "no input";

  const auto merged = Run({"fuzz", "-merge", Path("m"), "-work", Path("work"), "-format", "text", "-format",
                           "json=" + Path("merge.json")});
  EXPECT_EQ(merged.outcome.exit_code, 0) << merged.out << merged.err;
  // What "large" shows, "small" and "other" show in fewer bytes, but for the number of times round the loop.
  EXPECT_EQ(Files(directory).count("small"), 1u) << merged.out;
  EXPECT_EQ(Files(directory).count("other"), 1u) << merged.out;
  EXPECT_EQ(Files(directory + "/../aside"), (std::set<std::string>{"killer", "rubbish"})) << merged.out;
  EXPECT_THAT(merged.out, HasSubstr("aside/killer: the target exited with code 2"));
  const report::Corpus corpus = Read("merge.json").corpora().corpus(0);
  EXPECT_EQ(corpus.merge().inputs_before(), 5);
  EXPECT_EQ(corpus.merge().set_aside_size(), 2);
  EXPECT_EQ(static_cast<size_t>(corpus.inputs()), Files(directory).size());
  const std::set<std::string> kept = Files(directory);
  Run({"fuzz", "-merge", Path("m"), "-work", Path("work")});
  EXPECT_EQ(Files(directory), kept);
}

// Inputs that differ in nothing but their names' order and size; the first call of each takes long.
TEST_F(Corpora, AKilledMergeLosesNothingAndIsContinued) {
  ASSERT_NO_FATAL_FAILURE(Explore());
  const std::string directory = CorpusDir();
  for (int i = 0; i < 60; ++i) Put(directory, std::to_string(100 + i), "wait");
  const std::set<std::string> before = Files(directory);
  const std::string journal = directory + "/../merge.journal";

  auto merge = target::TargetProcess::Spawn(SpecOf({"fuzz", "-merge", Path("m"), "-work", Path("work")}));
  ASSERT_TRUE(merge.ok()) << merge.status();
  const auto lines = [&journal] {
    std::ifstream file(journal);
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  };
  for (int i = 0; i < 6000 && lines() < 10; ++i) usleep(10000);
  const auto done = lines();
  kill(merge->pid(), SIGKILL);
  ASSERT_TRUE(merge->Wait(minutes(1)).has_value());
  ASSERT_GE(done, 10);
  EXPECT_EQ(Files(directory), before);

  const auto again =
      Run({"fuzz", "-merge", Path("m"), "-work", Path("work"), "-format", "json=" + Path("merge.json")});
  EXPECT_EQ(again.outcome.exit_code, 0) << again.out << again.err;
  EXPECT_FALSE(fs::exists(journal));
  EXPECT_EQ(Read("merge.json").corpora().corpus(0).merge().inputs_before(), static_cast<int>(before.size()));
  // All but one add nothing; a goroutine that is late on a busy machine may make another look as if it did.
  EXPECT_LE(Files(directory).size(), before.size() - 50) << again.out;
}

constexpr char kThree[] = R"(package m

import (
	"encoding/binary"
	"sync"
)

func Parse(packet []byte) {
	if len(packet) < 6 || binary.BigEndian.Uint32(packet) != 0xFEEDC0DE || packet[4] != 2 {
		return
	}
	reply := make(chan int)
	go func() { <-reply }()
}

func Die(s string) {
	if s == "die" {
		new(sync.Mutex).Unlock()
	}
	Handle(s)
}

func Handle(s string) {
	for i := range s {
		switch s[i] {
		case 'a', 'b', 'c':
			panic(s[i])
		}
	}
}
)";
constexpr char kThreeTests[] = R"(package m

import "testing"

func FuzzHandle(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		defer func() { recover() }()
		Handle(s)
	})
}

func FuzzDie(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) { Die(s) })
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("hello world"))
	f.Fuzz(func(t *testing.T, packet []byte) { Parse(packet) })
}
)";

// A short night on targets of which one crashes: killed in the middle, then gone on with.
TEST_F(Corpora, ANightTakesTurnsAndLosesNothingWhenKilled) {
  Write("m/m.go", kThree);
  Write("m/m_test.go", kThreeTests);
  const std::string each = "^Fuzz[A-Za-z]*$";  // by itself
  const std::string inputs = Path("work") + "/inputs";
  const auto corpora = [&inputs] {
    std::set<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(inputs, error), end; !error && at != end; at.increment(error)) {
      if (at->path().parent_path().filename() == "corpus") files.insert(at->path());
    }
    return files;
  };
  auto night = target::TargetProcess::Spawn(SpecOf({"run", Path("m"), "-run", each, "-work", Path("work"),
                                                    "-total", "10m", "-budget", "3s", "-seed", "7"}));
  ASSERT_TRUE(night.ok()) << night.status();
  for (int i = 0; i < 12000 && corpora().size() < 8; ++i) usleep(10000);
  kill(night->pid(), SIGKILL);
  ASSERT_TRUE(night->Wait(minutes(1)).has_value());
  const std::set<std::string> kept = corpora();
  ASSERT_GE(kept.size(), 8u) << night->Err().Text();
  for (const std::string& file : kept) {
    std::ifstream stream(file);
    const std::string unit(std::istreambuf_iterator<char>(stream), {});
    const auto decoded = [&unit](input::Kind kind) {
      return input::DecodeUnit(reinterpret_cast<const uint8_t*>(unit.data()), unit.size(), {kind}).ok();
    };
    EXPECT_TRUE(decoded(input::Kind::kString) || decoded(input::Kind::kBytes)) << file;
  }

  const auto again = Run({"run", Path("m"), "-run", each, "-work", Path("work"), "-total", "30s", "-budget",
                          "3s", "-seed", "8", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(again.outcome.exit_code, 1) << again.out << again.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 3);
  for (const report::Entry& entry : report.entries()) {
    EXPECT_GT(entry.exploration().turns(), 0) << entry.name() << again.out;
    EXPECT_GE(entry.exploration().kept_inputs(), entry.name() == "FuzzParse" ? 3 : 1) << entry.name();
  }
  EXPECT_GE(report.seconds(), 20);
  EXPECT_LT(report.seconds(),
            150);  // a busy machine's experiment may overrun, an endless night shall not pass
  ASSERT_EQ(report.findings_size(), 1) << again.out;  // once, though it is found in every turn
  EXPECT_EQ(report.findings(0).entry(), "FuzzParse");
  EXPECT_GT(report.crashes_size(), 0);
  // What the first night found is still there, or smaller inputs that show the same.
  EXPECT_GE(corpora().size() + 3, kept.size());
}

TEST_F(Corpora, TwoWorkersFindWhatOneFinds) {
  std::string signature;
  for (const char* workers : {"1", "2"}) {
    const auto run =
        Run({"run", "./targets/inputs/bad/magic", "-run", "^Fuzz", "-workers", workers, "-budget", "15s",
             "-seed", "7", "-work", Path("work") + workers, "-format", "json=" + Path("r.json")});
    EXPECT_EQ(run.outcome.exit_code, 1) << run.out << run.err;
    const report::Report report = Read("r.json");
    ASSERT_EQ(report.findings_size(), 1) << run.out;
    ASSERT_EQ(report.entries_size(), 1) << run.out;
    const report::Exploration& hunt = report.entries(0).exploration();
    EXPECT_EQ(hunt.ended(), "it found what leaks");
    EXPECT_GT(hunt.leaky_calls(), 0);
    EXPECT_LE(hunt.leaky_calls(), hunt.calls());
    EXPECT_GT(hunt.kept_inputs(), 0);
    EXPECT_LE(hunt.edges_reached(), hunt.edges_present());
    EXPECT_EQ(report.entries(0).notes_size(), 0) << report.entries(0).notes(0);
    if (signature.empty()) signature = report.findings(0).signature();
    EXPECT_EQ(report.findings(0).signature(), signature);
  }
}

TEST_F(Corpora, NothingIsBuiltOrMadeToListThem) {
  Write("m/m.go", "this does not compile");
  const auto listed = Run({"fuzz", "-list-corpus", Path("m"), "-work", Path("nosuch")});
  EXPECT_EQ(listed.outcome.exit_code, 0) << listed.out << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("0 entries, 0 inputs"));
  EXPECT_FALSE(fs::exists(Path("nosuch")));
}

}  // namespace
}  // namespace goleakstress
