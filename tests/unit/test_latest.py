"""What is kept in memory: the last ones, by number or by size."""

from transcriber.services.latest import Latest


def test_the_last_ones_that_were_used_are_kept() -> None:
    kept: Latest[str, int] = Latest(2)
    for number, key in enumerate("ab"):
        kept.put(key, number)
    assert kept.get("a") == 0
    kept.put("c", 2)
    assert [kept.get(key) for key in "abc"] == [0, None, 2]
    assert kept.made("b", lambda: 7) == 7
    assert kept.get("a") is None


def test_large_ones_push_out_several_and_the_last_one_always_stays() -> None:
    kept: Latest[str, str] = Latest(10, len)
    for key, value in (("a", "1234"), ("b", "1234"), ("a", "12")):
        kept.put(key, value)
    kept.put("c", "1234")
    assert [kept.get(key) for key in "abc"] == ["12", "1234", "1234"]
    kept.put("d", "12345678")
    assert [kept.get(key) for key in "abcd"] == [None, None, None, "12345678"]
    kept.put("e", "more than there is room for")
    assert kept.get("e") == "more than there is room for"
    kept.clear()
    assert [kept.get(key) for key in "de"] == [None, None]
    kept.put("f", "1234567890")
    assert kept.get("f") == "1234567890"
