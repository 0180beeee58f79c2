#ifndef GOLEAKSTRESS_HARNESS_INPUT_MUTATE_STRUCTURE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_MUTATE_STRUCTURE_H_

// The parts of mutate.h's text mutations that see structure in text: lists, nesting, pairs, encodings. For
// mutate_text.cc.

#include <cstddef>
#include <string>

#include "harness/input/mutate.h"
#include "harness/input/random.h"

namespace goleakstress::input {

struct TextRange {
  size_t begin, size;
};

// A random part of a text, short more often than long; empty only where the text is.
TextRange AnyRange(const std::string& text, Random* random);
size_t AnyPlace(const std::string& text, Random* random);
// A word of the package, of a comparison or of another input; else one byte a few times.
std::string AnyWord(const MutationSources& sources, size_t field, Random* random);

// One more element of a list, or one part in brackets in the place of another or behind it.
void ChangeNesting(Random* random, std::string* text);
// A new member of an object, parameter of a query or header line, as the text looks like, name and value from
// AnyWord.
void InsertPair(const MutationSources& sources, size_t field, Random* random, std::string* text);
// An element becomes another word, or the whole text one of the dictionary's templates.
void ReplaceElement(const MutationSources& sources, size_t field, Random* random, std::string* text);
// Mutates what base64, hexadecimal or percent encoding hides and encodes it again. Says whether there was
// any.
bool MutateEncoded(const MutationSources& sources, size_t field, Random* random, std::string* text);
// Moves a date (2006-01-02, 1/2/2006, 02.01.2006, 20060102) or a time of day (15:04, 15:04:05) to a boundary:
// first and last days, the end of February in years with and without a 29th, days that do not exist. Says
// whether there was one.
bool MoveDate(Random* random, std::string* text);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_MUTATE_STRUCTURE_H_
