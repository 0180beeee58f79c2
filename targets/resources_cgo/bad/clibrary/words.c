#include "words.h"

#include <stdlib.h>
#include <string.h>

struct words {
	char *word;
	words *next;
};

words *words_of(const char *text) {
	words *list = NULL;
	while (*text) {
		size_t length = strcspn(text, " ");
		if (length > 0) {
			words *node = malloc(sizeof *node);
			if (!node) {
				break;
			}
			node->word = strndup(text, length);
			node->next = list;
			list = node;
		}
		text += length;
		text += strspn(text, " ");
	}
	return list;
}

int words_count(const words *list) {
	int count = 0;
	for (; list; list = list->next) {
		count++;
	}
	return count;
}

void words_free(words *list) {
	while (list) {
		words *next = list->next;
		free(list->word);
		free(list);
		list = next;
	}
}
