"""Follow-up questions are understood from the conversation; others are left as they are."""

from __future__ import annotations

import pytest

from bot.conversation import Exchange
from bot.followup import resolve
from bot.people import is_thing, names, people, speakers

PALTROW = ("“We said, ‘I think we’re good,’” Paltrow noted.",)
CO_STAR = (
    "Actress Gwyneth Paltrow did so in Marty Supreme, where she stars alongside Timothée Chalamet.",
)
CURIE = ("The physicist Marie Curie remarked that nothing in life is to be feared.",)
BOTH = ("“It was hard,” Anna Lund said.", "Bo Ek replied that it was not.")
MADISON = ("Mikey Madison told Variety: “it was a choice that I made”.",)
NOBODY: tuple[str, ...] = ("A closed set means that nobody is present who is not needed.",)

# The question before, what was shown for it, the question now, what it means.
FOLLOW_UPS = [
    # She, he: the one person that the question before names.
    (
        "What did Paltrow say about coordinators?",
        PALTROW,
        "and what did she say about directors?",
        "What did Paltrow say about directors?",
    ),
    ("Who is Allie Oops?", (), "What does she do?", "What does Allie Oops do?"),
    ("Who is Allie Oops?", PALTROW, "What did she say?", "What did Allie Oops say?"),
    (
        "Who is Ita O'Brien?",
        (),
        "Which films did she work on?",
        "Which films did Ita O'Brien work on?",
    ),
    ("What did Sean Bean say?", (), "Who disagreed with him?", "Who disagreed with Sean Bean?"),
    (
        "Who is Marie Curie?",
        CURIE,
        "What is her view of fear?",
        "What is Marie Curie’s view of fear?",
    ),
    ("Who is Marie Curie?", CURIE, "Who worked with her?", "Who worked with Marie Curie?"),
    (
        "Who is Marie Curie?",
        CURIE,
        "Did they give her a prize?",
        "Did they give Marie Curie a prize?",
    ),
    ("Who is Bo Ek?", BOTH, "Was the boat his?", "Was the boat Bo Ek’s?"),
    ("what did paltrow say", PALTROW, "did she apologise", "Did Paltrow apologise?"),
    (
        "What did Mikey Madison decide on Anora?",
        MADISON,
        "Why did she decide that?",
        "Why did Mikey Madison decide that (decide on Anora)?",
    ),
    # The person that the answer lets speak, where the question names none.
    ("Who fears nothing?", CURIE, "Where did she live?", "Where did Marie Curie live?"),
    ("What is there to fear?", CURIE, "When did she die?", "When did Marie Curie die?"),
    # A person that the question names itself is not who is meant.
    ("What did Oops say about Paltrow?", (), "Did she meet Paltrow?", "Did Oops meet Paltrow?"),
    # One of two: both are named, none is guessed.
    (
        "Who is Gwyneth Paltrow's co-star in Marty Supreme?",
        CO_STAR,
        "What did she say about directors?",
        "What did she say about directors (Gwyneth Paltrow or Timothée Chalamet)?",
    ),
    ("Who spoke?", BOTH, "What did he say?", "What did he say (Anna Lund or Bo Ek)?"),
    (
        "What did Anna Lund and Bo Ek sell?",
        (),
        "Where did he live?",
        "Where did he live (Anna Lund or Bo Ek)?",
    ),
    (
        "What did Anna Lund and Bo Ek sell?",
        (),
        "Why did she?",
        "Why did she (Anna Lund or Bo Ek; sell)?",
    ),
    # Nobody to be found: the subject goes along.
    ("What is a closed set?", NOBODY, "Does she attend?", "Does she attend (closed set)?"),
    # It, they, that, there: the subject of the question before.
    (
        "What does an intimacy coordinator do?",
        (),
        "Is it required?",
        "Is it required (intimacy coordinator)?",
    ),
    (
        "What is a nudity rider?",
        (),
        "When must it be given?",
        "When must it be given (nudity rider)?",
    ),
    ("What is a modesty garment?", (), "Who makes them?", "Who makes them (modesty garment)?"),
    (
        "What is a modesty garment?",
        (),
        "What is their purpose?",
        "What is their purpose (modesty garment)?",
    ),
    (
        "When did HBO hire a coach?",
        (),
        "Why did they do that?",
        "Why did they do that (HBO hire a coach)?",
    ),
    ("When did the mast break?", (), "When was that?", "When was that (mast break)?"),
    ("When did the mast break?", (), "What caused this?", "What caused this (mast break)?"),
    ("Where is the yard of Oslo?", (), "Who works there?", "Who works there (yard of Oslo)?"),
    ("How is salt made?", (), "Is that expensive?", "Is that expensive (salt made)?"),
    ("How is salt made?", (), "How does that work?", "How does that work (salt made)?"),
    (
        "How is salt made?",
        (),
        "Who invented these methods?",
        "Who invented these methods (salt made)?",
    ),
    ("What do unions ask for?", (), "did they agree?", "Did they agree (unions ask)?"),
    (
        "What do unions ask for?",
        (),
        "How did studios react to it?",
        "How did studios react to it (unions ask)?",
    ),
    # Without a subject of its own.
    ("When did the mast break?", (), "Why?", "Why (mast break)?"),
    ("When did the mast break?", (), "And why?", "Why (mast break)?"),
    ("When did the mast break?", (), "How come?", "How come (mast break)?"),
    ("What do pilots earn?", (), "how much?", "How much (pilots earn)?"),
    ("Which unions were founded?", (), "Since when?", "Since when (unions were founded)?"),
    ("Who praised the film?", (), "who else?", "Who else (praised the film)?"),
    ("Who praised the film?", (), "Anyone else?", "Anyone else (praised the film)?"),
    ("Who praised the film?", (), "What happened then?", "What happened then (praised the film)?"),
    ("What training is needed?", (), "How many hours?", "How many hours (training is needed)?"),
    (
        "What rules are there for tanks?",
        (),
        "Which ones?",
        "Which ones (rules are there for tanks)?",
    ),
    (
        "What rules are there for tanks?",
        (),
        "For example?",
        "For example (rules are there for tanks)?",
    ),
    (
        "What rules are there for tanks?",
        (),
        "tell me more",
        "Tell me more (rules are there for tanks)?",
    ),
    ("What rules are there for tanks?", (), "By whom?", "By whom (rules are there for tanks)?"),
    ("What rules are there for tanks?", (), "Really?!", "Really (rules are there for tanks)?"),
    ("Did Anna Lund sail?", (), "Did she?", "Did Anna Lund (sail)?"),
    ("Who was hired by HBO?", (), "Who was first?", "Who was first (hired by HBO)?"),
    # Of another topic.
    (
        "What did Paltrow say about coordinators?",
        PALTROW,
        "what about Chalamet?",
        "What did Chalamet say about coordinators?",
    ),
    ("What did Kate Winslet say?", (), "And Michael Caine?", "What did Michael Caine say?"),
    ("What did Kate Winslet say?", (), "Michael Caine?", "What did Michael Caine say?"),
    ("Where does Paltrow’s fame come from?", (), "And Oops?", "Where does Oops’s fame come from?"),
    ("What did Anna Lund and Bo Ek sell?", (), "And Ada Berg?", "What did Ada Berg sell?"),
    ("What does a pilot do?", (), "And a ship's cook?", "What does a ship's cook do?"),
    (
        "What does a stunt coordinator do?",
        (),
        "and on stage?",
        "What does a stunt coordinator do on stage?",
    ),
    ("Is sailing safe on lakes?", (), "And on rivers?", "Is sailing safe on rivers?"),
    ("What is a modesty garment?", (), "And a closed set?", "What is a closed set?"),
    ("How much do pilots earn?", (), "What about in the UK?", "How much do pilots earn in the UK?"),
    ("How many ships sank in 1912?", (), "And in 1915?", "How many ships sank in 1915?"),
    ("How many ships sank?", (), "And 1915?", "How many ships sank 1915?"),
    ("How many ships sank in May?", (), "And in 1915?", "How many ships sank in May in 1915?"),
    ("Who trains a stunt coach?", (), "And a coach?", "Who trains a coach?"),
    (
        "Why did the union hire a stunt coach?",
        (),
        "And a coach?",
        "Why did the union hire a coach?",
    ),
    (
        "How many stunt coaches are there?",
        (),
        "And dialect coaches?",
        "How many dialect coaches are there?",
    ),
    (
        "What did Anna Lund say about cooks?",
        (),
        "What about waiters?",
        "What did Anna Lund say about waiters?",
    ),
    ("Who hires cooks?", (), "How about waiters?", "Who hires cooks, waiters?"),
    (
        "Are lifts common outside Europe?",
        (),
        "What about Japan?",
        "Are lifts common outside Europe, Japan?",
    ),
    ("When did HBO hire a coach?", (), "What about Netflix?", "When did Netflix hire a coach?"),
    (
        "Who played in Anora?",
        ("The film Babygirl won.",),
        "And Babygirl?",
        "Who played in Babygirl?",
    ),
    ("Who is Anna Lund?", (), "What about her boat?", "Who is Anna Lund’s boat?"),
]

# Whatever came before, these mean what they say.
STANDING_ALONE = [
    "What is a closed set?",
    "Is there an intimacy coordinator on every film?",
    "So what is a closed set?",
    "And what is a nudity rider?",
    "What happens if an actor changes her mind?",
    "When does an actor say that she is afraid?",
    "What did Oops say about her job?",
    "Why did Sean Bean think it would spoil the scene?",
    "Did Sean Baker agree?",
    "What did the union tell its members?",
    "Do actors trust their coordinator?",
    "If a coordinator is hired, who pays them?",
    "Is it legal to film without consent?",
    "How long does it take to become a coordinator?",
    "Is it true that HBO hires coordinators?",
    "What is it like to work on a closed set?",
    "Are there rules about auditions?",
    "How many coordinators are there in the UK?",
    "What did the studio say that upset actors?",
    "Which films this year had a coordinator?",
    "Who helps those who refuse a scene?",
    "Do coordinators in Britain earn more?",
    "nudity riders",
    "modesty garments for stunt work",
    "Michael Caine interview",
    "What does SAG-AFTRA require?",
    "Who wrote the 2017 story about Weinstein?",
    "Is one coordinator enough for a crowd scene?",
    "What other jobs did stunt performers have before?",
    "When was the first registry published?",
    "¿Qué es un set cerrado?",
]


@pytest.mark.parametrize(
    ("before", "shown", "question", "meaning"), FOLLOW_UPS, ids=[row[3] for row in FOLLOW_UPS]
)
def test_a_follow_up_is_understood_in_its_context(
    before: str, shown: tuple[str, ...], question: str, meaning: str
) -> None:
    assert resolve(question, [Exchange(before, shown)]) == meaning


@pytest.mark.parametrize("question", STANDING_ALONE)
@pytest.mark.parametrize(
    "before",
    [
        Exchange("What did Gwyneth Paltrow say about directors?", PALTROW),
        Exchange("Is it required (intimacy coordinator)?", NOBODY),
    ],
    ids=["after-a-person", "after-a-thing"],
)
def test_a_question_that_stands_alone_is_not_touched(before: Exchange, question: str) -> None:
    assert resolve(question, [before]) == question


@pytest.mark.parametrize("question", ["Why?", "What did she say?", "And Paltrow?"])
def test_nothing_is_put_into_a_first_question(question: str) -> None:
    assert resolve(question, []) == question


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    earlier: list[Exchange] = []
    for question, meaning in [
        ("What does the contract of 2023 say?", "What does the contract of 2023 say?"),
        ("Does it require a coordinator?", "Does it require a coordinator (contract of 2023)?"),
        ("Since when?", "Since when (require a coordinator, contract of 2023)?"),
        (
            "And the agreement of 2025?",
            "Since when (the agreement of 2025)?",
        ),
        ("And on stage?", "Since when on stage (the agreement of 2025)?"),
    ]:
        assert resolve(question, earlier) == meaning
        earlier.append(Exchange(meaning, NOBODY))


def test_a_person_is_remembered_over_questions_about_other_things() -> None:
    earlier = [Exchange("What did Anna Lund say?", ()), Exchange("What is salt?", NOBODY)]
    assert resolve("Where does she live?", earlier) == "Where does Anna Lund live?"


def test_a_person_is_forgotten_after_some_questions() -> None:
    earlier = [Exchange("What did Anna Lund say?", ()), *[Exchange("What is salt?", NOBODY)] * 3]
    assert resolve("Where does she live?", earlier) == "Where does she live (salt)?"


def test_a_hint_is_cut_between_words() -> None:
    long = f"Why do {'coordinators ' * 20}matter?"
    resolved = resolve("Since when?", [Exchange(long, ())])
    hint = resolved.partition("(")[2].partition(")")[0]
    assert len(hint) <= 80
    assert set(hint.split()) == {"coordinators"}


def test_a_question_that_leaves_no_subject_to_take_along_is_not_touched() -> None:
    assert resolve("Why?", [Exchange("And you?", ())]) == "Why?"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What did Gwyneth Paltrow’s film say?", ["Gwyneth Paltrow"]),
        ("Did Ludwig van Beethoven meet O'Brien?", ["Ludwig van Beethoven", "O'Brien"]),
        ("When did SAG-AFTRA act?", ["SAG-AFTRA"]),
        ("What happened in October 2018?", []),
        ("Is she there?", []),
        ("What does Timothée Chalamet do?", ["Timothée Chalamet"]),
    ],
)
def test_names_are_capitalised_runs(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Yes,” Oops told Mashable, and Vanity Fair printed it.", ["Oops"]),
        ("The Guardian said that HBO said so.", []),
        ("Intimacy coordinator Allie Oops, who has worked, shared it.", ["Allie Oops"]),
        ("Paltrow noted it. Gwyneth Paltrow added more.", ["Gwyneth Paltrow"]),
        ("Gwyneth Paltrow noted it. Paltrow added more.", ["Gwyneth Paltrow"]),
        ("A lamp stood in Bergen.", []),
        ("Claire Warden was the first intimacy director on Broadway.", ["Claire Warden"]),
    ],
)
def test_speakers_are_people_who_speak_or_have_a_role(text: str, found: list[str]) -> None:
    assert speakers([text]) == found


@pytest.mark.parametrize(
    ("question", "shown", "found"),
    [
        ("What did paltrow say?", ("Gwyneth Paltrow noted it.",), []),  # not all in small letters
        ("what did paltrow say?", ("Gwyneth Paltrow noted it.",), ["Gwyneth Paltrow"]),
        ("Who directed Marty Supreme?", ("He starred in Marty Supreme.",), []),
        ("Who is the director of Marty Supreme?", (), []),
        ("What does HBO require?", (), []),
        ("What did Lawrence say about Die My Love?", (), ["Lawrence"]),
        ("Who met Paltrow on Bridgerton?", (), ["Paltrow"]),
    ],
)
def test_people_are_told_from_titles_and_places(
    question: str, shown: tuple[str, ...], found: list[str]
) -> None:
    assert people(question, shown) == found


def test_a_title_that_speaks_is_a_person() -> None:
    assert is_thing("Babygirl", ["The film Babygirl won."])
    assert is_thing("HBO", [])
    assert not is_thing("Oops", ["It was in Oops. But Oops said no."])
    assert not is_thing("Unseen", [])
