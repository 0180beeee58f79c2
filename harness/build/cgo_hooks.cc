#include "harness/build/cgo_hooks.h"

namespace goleakstress::build {

const char kCgoHooks[] = R"c(#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct site {
	uint64_t stack;  // what Go calls this stack of a call to C; 0: the entry is free
	int64_t blocks;  // allocated there and not freed
	int64_t bytes;   // as they were asked for
	uint64_t named;  // Go knows the stack
};

struct answer {
	struct site *sites;
	uint64_t site_count;
	int64_t *unnamed;   // sites that Go does not know
	int64_t *uncounted; // blocks that the tables had no room for
};

struct call {
	void *fn, *arg;
	uint64_t stack;
	uint64_t nested; // below a call to C that called Go
};

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__) && !defined(SANITIZED)

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

enum { site_count = 1 << 14, probes = 64, group = 8, group_count = 1 << 17 };

struct block {
	uint64_t where; // 0: the entry is free
	uint64_t what;  // size, and the site in the lowest 14 bits
};

static struct site sites[site_count];
static struct block *blocks; // group_count groups; NULL: nothing is counted
static int64_t unnamed, uncounted, counted;
static pthread_key_t running; // the stack of the call from Go that this thread is in

static struct {
	void *(*malloc)(size_t);
	void *(*calloc)(size_t, size_t);
	void *(*realloc)(void *, size_t);
	void *(*memalign)(size_t, size_t);
	void (*free)(void *);
} next;
static int found;

// The functions behind ours: another allocator's, if it is a shared library, else the C library's.
static void find(void) {
	void *m = dlsym(RTLD_NEXT, "malloc"), *c = dlsym(RTLD_NEXT, "calloc"), *r = dlsym(RTLD_NEXT, "realloc");
	void *a = dlsym(RTLD_NEXT, "memalign"), *f = dlsym(RTLD_NEXT, "free");
	int all = m && c && r && a && f;
	next.malloc = all ? (void *(*)(size_t))m : __libc_malloc;
	next.calloc = all ? (void *(*)(size_t, size_t))c : __libc_calloc;
	next.realloc = all ? (void *(*)(void *, size_t))r : __libc_realloc;
	next.memalign = all ? (void *(*)(size_t, size_t))a : __libc_memalign;
	next.free = all ? (void (*)(void *))f : __libc_free;
	__atomic_store_n(&found, 1, __ATOMIC_RELEASE);
}

static inline void ready(void) {
	if (!__atomic_load_n(&found, __ATOMIC_ACQUIRE)) {
		find();
	}
}

static uint64_t mixed(uint64_t x) {
	x ^= x >> 32;
	x *= 0x9e3779b97f4a7c15u;
	return x ^ x >> 29;
}

static int site_of(uint64_t stack) {
	int i;
	for (i = 0; i < probes; i++) {
		int at = (int)((stack + (uint64_t)i) % site_count);
		uint64_t there = __atomic_load_n(&sites[at].stack, __ATOMIC_RELAXED);
		if (there == 0 && __atomic_compare_exchange_n(&sites[at].stack, &there, stack, 0, __ATOMIC_RELAXED,
		                                              __ATOMIC_RELAXED)) {
			__atomic_fetch_add(&unnamed, 1, __ATOMIC_RELAXED);
			return at;
		}
		if (there == stack) {
			return at;
		}
	}
	return -1;
}

static struct block *group_of(uint64_t where, int second) {
	uint64_t hash = mixed(where);
	return blocks + group * ((second ? hash >> 40 : hash) % group_count);
}

// Counts a block of a site and remembers whose it is.
static void put(void *p, int site, uint64_t size) {
	int i, second;
	for (second = 0; second < 2; second++) {
		struct block *b = group_of((uint64_t)p, second);
		for (i = 0; i < group; i++) {
			uint64_t there = 0;
			if (__atomic_load_n(&b[i].where, __ATOMIC_RELAXED) == 0 &&
			    __atomic_compare_exchange_n(&b[i].where, &there, (uint64_t)p, 0, __ATOMIC_RELAXED,
			                                __ATOMIC_RELAXED)) {
				b[i].what = size << 14 | (uint64_t)site;
				__atomic_fetch_add(&sites[site].blocks, 1, __ATOMIC_RELAXED);
				__atomic_fetch_add(&sites[site].bytes, (int64_t)size, __ATOMIC_RELAXED);
				__atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED);
				return;
			}
		}
	}
	__atomic_fetch_add(&uncounted, 1, __ATOMIC_RELAXED);
}

// Takes a block out of the count, before it goes: its address may be another block's at once. The site; -1 where it was
// not counted.
static int take(void *p, uint64_t *size) {
	int i, second;
	if (!p || !__atomic_load_n(&counted, __ATOMIC_RELAXED)) {
		return -1;
	}
	for (second = 0; second < 2; second++) {
		struct block *b = group_of((uint64_t)p, second);
		for (i = 0; i < group; i++) {
			if (__atomic_load_n(&b[i].where, __ATOMIC_RELAXED) == (uint64_t)p) {
				uint64_t what = b[i].what;
				int site = (int)(what % site_count);
				*size = what >> 14;
				__atomic_store_n(&b[i].where, 0, __ATOMIC_RELAXED);
				__atomic_fetch_sub(&sites[site].blocks, 1, __ATOMIC_RELAXED);
				__atomic_fetch_sub(&sites[site].bytes, (int64_t)*size, __ATOMIC_RELAXED);
				__atomic_fetch_sub(&counted, 1, __ATOMIC_RELAXED);
				return site;
			}
		}
	}
	return -1;
}

static void *allocated(void *p, uint64_t size) {
	uint64_t stack;
	int site;
	if (!p || !blocks || !(stack = (uint64_t)pthread_getspecific(running))) {
		return p;
	}
	site = site_of(stack);
	if (site < 0) {
		__atomic_fetch_add(&uncounted, 1, __ATOMIC_RELAXED);
	} else {
		put(p, site, size);
	}
	return p;
}

#define HOOK __attribute__((weak, visibility("default")))

HOOK void *malloc(size_t size) {
	ready();
	return allocated(next.malloc(size), size);
}

HOOK void *calloc(size_t count, size_t size) {
	ready();
	return allocated(next.calloc(count, size), count * size);
}

HOOK void free(void *p) {
	uint64_t size;
	take(p, &size);
	ready();
	next.free(p);
}

// A block that gets another size stays with the site that allocated it.
HOOK void *realloc(void *p, size_t size) {
	uint64_t before = 0;
	int site = take(p, &before);
	void *q;
	ready();
	q = next.realloc(p, size);
	if (site < 0) {
		return allocated(q, size);
	}
	if (q) {
		put(q, site, size);
	} else if (size) {
		put(p, site, before);
	}
	return q;
}

HOOK void *memalign(size_t alignment, size_t size) {
	ready();
	return allocated(next.memalign(alignment, size), size);
}

HOOK void *aligned_alloc(size_t alignment, size_t size) {
	ready();
	return allocated(next.memalign(alignment, size), size);
}

HOOK int posix_memalign(void **p, size_t alignment, size_t size) {
	int before = errno;
	void *q;
	if (alignment < sizeof(void *) || (alignment & (alignment - 1))) {
		return EINVAL;
	}
	ready();
	q = allocated(next.memalign(alignment, size), size);
	errno = before;
	if (!q) {
		return ENOMEM;
	}
	*p = q;
	return 0;
}

int x_cgo_goleakstress_call(struct call *call) {
	int (*fn)(void *) = (int (*)(void *))call->fn;
	void *outer = call->nested ? pthread_getspecific(running) : NULL;
	int result;
	pthread_setspecific(running, (void *)call->stack);
	result = fn(call->arg);
	pthread_setspecific(running, outer);
	return result;
}

// Begins to count. Leaves the answer as it is where the hooks are not in force.
void x_cgo_goleakstress_enable(struct answer *answer) {
	void *(*volatile allocate)(size_t) = malloc;
	void (*volatile release)(void *) = free;
	void *table, *trial;
	if (pthread_key_create(&running, NULL) != 0) {
		return;
	}
	table = mmap(NULL, sizeof(struct block) * group * group_count, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (table == MAP_FAILED || pthread_setspecific(running, (void *)1) != 0) {
		return;
	}
	blocks = table;
	trial = allocate(64);
	pthread_setspecific(running, NULL);
	if (counted != 1) {
		blocks = NULL;
	}
	release(trial);
	if (counted != 0) {
		blocks = NULL;
	}
	if (!blocks) {
		return;
	}
	sites[1].named = 1;
	unnamed = 0;
	answer->sites = sites;
	answer->site_count = site_count;
	answer->unnamed = &unnamed;
	answer->uncounted = &uncounted;
}

#else

int x_cgo_goleakstress_call(struct call *call) {
	return ((int (*)(void *))call->fn)(call->arg);
}

void x_cgo_goleakstress_enable(struct answer *answer) {
	(void)answer;
}

#endif
)c";

}  // namespace goleakstress::build
