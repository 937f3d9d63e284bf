"""Byte-pair encoding: training and encoding against the `tokenizers` library, and the round trip that proves little."""

import json
import random

import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, trainers

from snippets.coding.bpe import decode, encode, merge, train
from snippets.coding.wrong_sequences import encode_longest

short = st.binary(max_size=6) | st.text("abc", max_size=12).map(str.encode)


def letters(tokens, learned):
    return [decode([token], learned) for token in tokens]


def by_library(words, merges):
    """The library's trainer on one character a byte."""
    tokenizer = Tokenizer(models.BPE())
    alphabet = [chr(byte) for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=256 + merges,
        min_frequency=2,
        show_progress=False,
        initial_alphabet=alphabet,
    )
    tokenizer.train_from_iterator([word.decode("latin-1") for word in words], trainer)
    return tokenizer


def test_the_library_learns_the_same_merges_and_cuts_words_the_same():
    rng = random.Random(0)

    def word(longest):
        return bytes(rng.choices(b"abcd", k=rng.randint(0, longest)))

    for _ in range(60):
        words = [word(8) for _ in range(rng.randint(0, 12))]
        learned = train(words, 8)
        tokenizer = by_library(words, 8)
        told = json.loads(tokenizer.to_str())["model"]["merges"]
        assert [tuple(pair) for pair in told] == [
            tuple(text.decode("latin-1") for text in letters(pair, learned))
            for pair in learned
        ]
        for some in [*words, *(word(12) for _ in range(5))]:
            cut = tokenizer.encode(some.decode("latin-1")).tokens
            assert letters(encode(some, learned), learned) == [
                text.encode("latin-1") for text in cut
            ]


@quick
@given(st.lists(short, max_size=8), short, st.integers(0, 12))
@example([], b"\xff\x00", 5)
@example([b"aaaa"], b"aaaaa", 3)
def test_every_byte_string_comes_back(words, text, merges):
    learned = train(words, merges)
    assert len(learned) <= merges
    assert decode(encode(text, learned), learned) == text
    for token in learned.values():  # one spelling, one token
        assert encode(decode([token], learned), learned) == [token]
    again = train(reversed(words), merges)
    assert list(again.items()) == list(
        learned.items()
    )  # the order of words is no matter
    assert b"".join(letters(encode_longest(text, learned), learned)) == text


def test_the_library_left_alone_merges_single_places_too():
    tokenizer = Tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(vocab_size=400, show_progress=False)
    assert trainer.min_frequency == 0
    tokenizer.train_from_iterator(["hello", "world"], trainer)
    assert tokenizer.encode("hello").tokens == ["hello"]
    assert tokenizer.get_vocab_size() < 400  # each word is a token: no pair is left
    assert train([b"hello", b"world"], 144) == {}


def test_longest_match_gives_fewer_tokens_or_more():
    learned = train([b"cb", b"acbc", b"bbc", b"bbbb"], 3)
    assert len(encode(b"cbbba", learned)) == 4
    assert len(encode_longest(b"cbbba", learned)) == 3
    learned = train([b"bdb", b"ddbcc", b"abdb", b"bda"], 8)
    assert len(encode(b"bdbdb", learned)) == 2
    assert len(encode_longest(b"bdbdb", learned)) == 3


def test_edges():
    assert train([b"aaa"], 5) == {(97, 97): 256}  # the places overlap: it counts twice
    assert merge([1, 1, 1], (1, 1), 9) == [9, 1]  # from the left
    assert train([b"ab", b"cd"], 5) == {}  # no pair occurs twice
    assert train([b"cd", b"ab"] * 2, 1) == {(97, 98): 256}  # a tie: the smaller pair
    assert train([b"aaaa"], 2) == {(97, 97): 256}  # then (256, 256) occurs once
    assert encode(b"", {}) == []
    assert decode([], {}) == b""
    with pytest.raises(KeyError):
        decode([300], {})


# --8<-- [start:longest]
def test_the_longest_token_is_not_the_earliest_merge():
    learned = train([b"hug", b"bug", b"rug", b"mug", b"hut", b"hum"] * 2, merges=2)
    assert letters(learned.values(), learned) == [b"ug", b"hu"]
    for usual in (b"", b"bug", b"hut", b"shut", "müde".encode()):
        assert encode_longest(usual, learned) == encode(usual, learned)
    assert letters(encode(b"hug", learned), learned) == [b"h", b"ug"]
    wrong = encode_longest(b"hug", learned)
    assert letters(wrong, learned) == [b"hu", b"g"]
    assert decode(wrong, learned) == b"hug"  # the round trip doesn't see it


# --8<-- [end:longest]
