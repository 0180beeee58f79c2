// A tiny C library: the words of a text, one node each.
#ifndef WORDS_H_
#define WORDS_H_

typedef struct words words;

words* words_of(const char* text);
int words_count(const words* list);
void words_free(words* list);

#endif
