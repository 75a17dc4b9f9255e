"""Conversations about the shipped articles, and the words that answer the last question."""

from __future__ import annotations

# The questions in order; how the last one is understood; words of an article that must be shown.
DIALOGUES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("Who is Allie Oops?", "What did she say about power dynamics?"),
        "What did Allie Oops say about power dynamics?",
        "Oops highlighted that power dynamics can exist",
    ),
    (
        ("Who is Allie Oops?", "Which companies has she worked with?"),
        "Which companies has Allie Oops worked with?",
        "A24 and Neon",
    ),
    (
        ("What did Oops say about Paltrow’s unease?", "And about safe containers?"),
        "What did Oops say about safe containers?",
        "safe container",
    ),
    (
        ("What did Paltrow and Chalamet ask the coordinator to do?", "did they agree?"),
        "Did they agree (Paltrow and Chalamet ask the coordinator)?",
        "asked the coordinator for more distance",
    ),
    (
        ("What does an intimacy coordinator do?", "Is it required?"),
        "Is it required (intimacy coordinator)?",
        "No absolute requirement was found",
    ),
    (
        ("What does an intimacy coordinator do?", "Are they therapists?"),
        "Are they therapists (intimacy coordinator)?",
        "Intimacy coordinators are not therapists",
    ),
    (
        ("What is a modesty garment?", "What are they made of?"),
        "What are they made of (modesty garment)?",
        "silicone barriers",
    ),
    (
        ("What is a modesty garment?", "And a closed set?"),
        "What is a closed set?",
        "A closed set means that nobody is present",
    ),
    (
        ("What is a nudity rider?", "Can it be withdrawn?"),
        "Can it be withdrawn (nudity rider)?",
        "consent may be withdrawn",
    ),
    (
        ("What is a nudity rider?", "What does it state?"),
        "What does it state (nudity rider)?",
        "states what will be done and shown",
    ),
    (
        ("How much do intimacy coordinators earn?", "What about in the United Kingdom?"),
        "How much do intimacy coordinators earn in the United Kingdom?",
        "No figure was found for pay in the United Kingdom",
    ),
    (
        ("What do intimacy coordinators earn?", "how much?"),
        "How much (intimacy coordinators earn)?",
        "$60,000 to $90,000",
    ),
    (
        ("When did SAG-AFTRA accredit training programmes?", "How many?"),
        "How many (SAG-AFTRA accredit training programmes)?",
        "accredited seven training programmes",
    ),
    (
        ("When did SAG-AFTRA accredit training programmes?", "Which ones?"),
        "Which ones (SAG-AFTRA accredit training programmes)?",
        "accredited",
    ),
    (
        ("What training do accredited programmes need?", "How many hours?"),
        "How many hours (training do accredited programmes need)?",
        "at least 75 hours",
    ),
    (
        ("When did SAG-AFTRA announce standards?", "When were they published?"),
        "When were they published (SAG-AFTRA announce standards)?",
        "On 29 January 2020 SAG-AFTRA published",
    ),
    (
        ("Does HBO require intimacy coordinators?", "Since when?"),
        "Since when (HBO require intimacy coordinators)?",
        "since October 2018",
    ),
    (
        ("What did Florence Pugh say about intimacy coordinators?", "Where did she say it?"),
        "Where did Florence Pugh say it (intimacy coordinators)?",
        "Louis Theroux Podcast",
    ),
    (
        ("What did Florence Pugh say?", "What about Sean Bean?"),
        "What did Sean Bean say?",
        "Sean Bean",
    ),
    (
        ("What did Sean Bean say about spontaneity?", "Who disagreed with him?"),
        "Who disagreed with Sean Bean?",
        "Sean Bean",
    ),
    (
        ("What did Kate Winslet say?", "And Michael Caine?"),
        "What did Michael Caine say?",
        "In my day, you just did the love scene",
    ),
    (
        ("What did Emma Stone say about Poor Things?", "Did she change her mind?"),
        "Did Emma Stone change her mind?",
        "then changed her mind",
    ),
    (
        ("Who was the intimacy coordinator of Poor Things?", "And what did Yorgos Lanthimos say?"),
        "And what did Yorgos Lanthimos say?",
        "Yorgos Lanthimos said in Venice",
    ),
    (
        ("What did Mikey Madison decide on Anora?", "Why did she decide that?"),
        "Why did Mikey Madison decide that (decide on Anora)?",
        "it was a choice that I made",
    ),
    (
        ("What did Mikey Madison decide on Anora?", "Did she win an Oscar?"),
        "Did Mikey Madison win an Oscar?",
        "Mikey Madison won the Oscar for best actress",
    ),
    (
        ("What did Jennifer Lawrence say about Die My Love?", "Did she feel safe?"),
        "Did Jennifer Lawrence feel safe?",
        "I felt really safe with Rob",
    ),
    (
        ("Who is Ita O'Brien?", "What did she say about the day on set?"),
        "What did Ita O'Brien say about the day on set?",
        "tip of the iceberg",
    ),
    (
        ("Who is Ita O'Brien?", "Who dedicated an award to her?"),
        "Who dedicated an award to Ita O'Brien?",
        "Michaela Coel dedicated her BAFTA",
    ),
    (
        ("Who is Alicia Rodis?", "How did she track the consent of actors?"),
        "How did Alicia Rodis track the consent of actors?",
        "on a spreadsheet",
    ),
    (
        ("Who founded Intimacy Directors International?", "When was that?"),
        "When was that (founded Intimacy Directors International)?",
        "was founded in 2016",
    ),
    (
        ("What does the contract of 2023 say?", "Does it require a coordinator?"),
        "Does it require a coordinator (contract of 2023)?",
        "best efforts to engage an intimacy coordinator",
    ),
    (
        ("What is the first collective agreement?", "When was it approved?"),
        "When was it approved (collective agreement)?",
        "18 December 2025",
    ),
    (
        ("What is the first collective agreement?", "What does it guarantee?"),
        "What does it guarantee (collective agreement)?",
        "guarantee",
    ),
    (
        ("Which film had an intimacy coordinator in India?", "What about Gehraiyaan?"),
        "Which film had an intimacy coordinator in Gehraiyaan?",
        "Gehraiyaan",
    ),
    (
        ("Who defended intimacy coordinators?", "And Emma Corrin?"),
        "Who defended intimacy coordinators, Emma Corrin?",
        "Emma Corrin",
    ),
    (
        ("What did the New York Times report about Weinstein?", "When was that?"),
        "When was that (New York Times report about Weinstein)?",
        "2017 New York Times expose",
    ),
    (
        ("What did Lizzy Talbot do on Bridgerton?", "How does she divide the job?"),
        "How does Lizzy Talbot divide the job?",
        "Lizzy Talbot divides the job into three",
    ),
    (
        ("How many coordinators were on the first registry?", "From which countries?"),
        "From which countries (coordinators were on the first registry)?",
        "40 intimacy coordinators from the United States",
    ),
    (
        (
            "What did Paltrow say about intimacy coordinators?",
            "and what did she say about kids who are starting out?",
        ),
        "What did Gwyneth Paltrow say about kids who are starting out?",
        "kids who are starting out",
    ),
    (
        ("What did Paltrow and Chalamet ask the coordinator to do?", "What did she say about it?"),
        "What did she say about it (Paltrow or Timothée Chalamet; ask the coordinator)?",
        "asked the coordinator for more distance",
    ),
    (
        ("Who was the first intimacy coordinator in Bollywood?", "Where did she train?"),
        "Where did Aastha Khanna train?",
        "trained in Los Angeles",
    ),
    (
        ("What is known about New Zealand?", "When were its guidelines launched?"),
        "When were its guidelines launched (known about New Zealand)?",
        "launched in Auckland in June 2020",
    ),
    (
        ("What is known about New Zealand?", "What about Spain?"),
        "What is known about Spain?",
        "In Spain",
    ),
    (
        ("When does the Bectu registry launch?", "What does entry to it need?"),
        "What does entry to it need (Bectu registry launch)?",
        "at least five productions",
    ),
    (
        ("When did Directors UK publish its guidelines?", "Who was consulted?"),
        "Who was consulted?",
        "were consulted or gave support",
    ),
    (
        ("When did Directors UK publish its guidelines?", "To which budgets do they apply?"),
        "To which budgets do they apply (Directors UK publish its guidelines)?",
        "apply at every budget",
    ),
    (
        ("What does Equity’s rule say about auditions?", "And about drama schools?"),
        "What does Equity’s rule say about drama schools?",
        "Drama schools and universities have guidelines",
    ),
    (
        ("Who shaped the sex scenes of the film Bound?", "When was that?"),
        "When was that (shaped the sex scenes of the film Bound)?",
        "In 1996",
    ),
    (
        ("Who is Tonia Sina?", "What was the title of her thesis?"),
        "What was the title of Tonia Sina’s thesis?",
        "Intimate Encounters",
    ),
    (
        ("Who is Tonia Sina?", "When did she write about the intimacy choreographer?"),
        "When did Tonia Sina write about the intimacy choreographer?",
        "In 2014 Sina published",
    ),
    (
        ("Who founded Intimacy Directors International?", "What was its first document called?"),
        "What was its first document called (founded Intimacy Directors International)?",
        "The Pillars",
    ),
    (
        ("Which theatre did the Chicago Reader investigate?", "When did it close?"),
        "When did it close (theatre did the Chicago Reader investigate)?",
        "closed within a week",
    ),
    (
        ("Who reported the accusations against Weinstein?", "And who followed in The New Yorker?"),
        "And who followed in The New Yorker?",
        "Ronan Farrow followed in The New Yorker",
    ),
    (
        ("What did David Simon say?", "Where did he say that?"),
        "Where did David Simon say that?",
        "told Rolling Stone",
    ),
    (
        ("What did David Simon say?", "And Claire Warden?"),
        "What did Claire Warden say?",
        "a lot of resistance from the industry",
    ),
    (
        ("Who was the first intimacy director on Broadway?", "On which play?"),
        "On which play (intimacy director on Broadway)?",
        "Frankie and Johnny",
    ),
    (
        ("Who was the first intimacy director on Broadway?", "When did she work there?"),
        "When did Claire Warden work there (intimacy director on Broadway)?",
        "in 2019",
    ),
    (
        ("When did HBO commit to intimacy coordinators?", "Who else?"),
        "Who else (HBO commit to intimacy coordinators)?",
        "Netflix, Hulu, Starz and Amazon followed",
    ),
    (
        ("What did Emily Meade ask for?", "When did she ask?"),
        "When did Emily Meade ask?",
        "late 2017",
    ),
    (
        ("What did Emily Meade ask for?", "Whom did HBO hire?"),
        "Whom did HBO hire?",
        "hired Alicia Rodis",
    ),
    (
        ("What did Emily Meade ask for?", "What is a closed set?"),
        "What is a closed set?",
        "A closed set means",
    ),
    (
        ("What did Emily Meade ask for?", "How many coordinators were on the first registry?"),
        "How many coordinators were on the first registry?",
        "40 intimacy coordinators",
    ),
    (
        ("Which opera had a coordinator in Madrid?", "Who was it?"),
        "Who was it (opera had a coordinator in Madrid)?",
        "Theodora",
    ),
)
