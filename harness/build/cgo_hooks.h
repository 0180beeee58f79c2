// The C half of probe cmemory.
#ifndef HARNESS_BUILD_CGO_HOOKS_H_
#define HARNESS_BUILD_CGO_HOOKS_H_

namespace goleakstress::build {

// It is part of package runtime/cgo, which every program with cgo links, and lies before the C library's
// functions in the order in which the dynamic linker looks for them. The definitions are weak: where the
// program brings its own malloc, or is linked statically, that one is taken, the trial below fails, and the
// probe says that it is not in force. It takes no lock, so that a fork finds none taken. There are no
// thread-local variables, which Go's own linker does not know.
extern const char kCgoHooks[];

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_CGO_HOOKS_H_
