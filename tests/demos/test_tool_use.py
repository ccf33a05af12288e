from __future__ import annotations

from studykit.demos.tool_use import END, RESULT, RESULT_END, SEARCH, SEARCH_END, generate, run, search


def script(words: str) -> list[str]:
    return words.split()


def test_the_program_serves_a_request_in_the_middle_of_a_text() -> None:
    """A model that recites a script: the result stands after its request, once, with its request's words."""
    plan = iter(script(f"let me see {SEARCH} rome weather {SEARCH_END} it is sunny {END}"))
    requests = list[list[str]]()

    def tool(request: list[str]) -> list[str]:
        requests.append(request)
        return ["sunny", "today"]

    text = generate(lambda _: next(plan), "hello ?", tool)
    served = f"{SEARCH} rome weather {SEARCH_END} {RESULT} sunny today {RESULT_END} it is sunny {END}"
    assert text == script(f"hello ? let me see {served}")
    assert requests == [["rome", "weather"]]


def test_two_requests_are_two_searches() -> None:
    plan = iter(script(f"{SEARCH} a {SEARCH_END} {SEARCH} b {SEARCH_END} {END}"))
    text = generate(lambda _: next(plan), "?", lambda request: [request[0] * 2])
    assert [text[i + 1] for i, word in enumerate(text) if word == RESULT] == ["aa", "bb"]


def test_a_model_that_never_ends_is_stopped() -> None:
    assert len(generate(lambda _: "and", "?", lambda _: [])) == 60


def test_search_finds_the_document_that_shares_most_words() -> None:
    documents = ["Ann lives in Rome .", "Bo lives in Oslo .", "Bo and Ann met in Lima ."]
    assert search(documents, ["Bo", "Ann"]) == documents[2].split()
    assert search(documents, ["Cem"]) == []


def test_without_the_tool_no_special_token_is_written() -> None:
    texts = run(3)["texts"]
    assert SEARCH not in texts["alone"]
    assert texts["with search"].count(RESULT_END) == 1
