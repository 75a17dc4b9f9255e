"""A small corpus with quotations of its own, and words that may be quotations of it."""

from __future__ import annotations

from index.comparison import Matter
from index.verdict import Verdict
from tests.making import article

ARTICLES = (
    article(
        "council",
        "Mayor Lena Ortiz opened the meeting. “We will not close seven libraries this year,” "
        "Ortiz said.",
        "“The budget is $5m, and it has never been higher,” she told the Herald.",
        "“It took us 7.5 hours,” said Tom Reyes, an engineer, “and we had to do it twice.”",
        "Jane Smith, an actor, was there as well. “I was terrified of the height… but in the end I "
        "did it,” Smith said.",
        "“Nobody knew what the [new] café would cost the town,” Smith added.",
        "The theatre reopened in March after two years of repairs and a long argument over money.",
        "According to the council, over three hundred people signed a petition against the road.",
        title="Ortiz keeps the libraries",
    ),
    article(
        "stage",
        "Sam Moor runs the company. “Our co-ordinator told me, ‘You are what you do to them,’ and "
        "left the room,” Moor said.",
        "“We don’t rehearse on Sundays, and I won't start now,” he said.",
        "“What would you do?” asked Bill Moor, his brother, who paints the sets.",
        "“They were cold, we were hungry and nobody came,” said Hope Moor.",
        "“Trust is the only thing that makes a scene work,” said Ann Lee. “Without it you have "
        "nothing.”",
        title="A company of Moors",
    ),
    article(
        "herald",
        "It met again. “We will not close eight libraries this year,” said John Doe, a councillor.",
        "“I saw the fire from my kitchen window and ran,” said a neighbour.",
        "“The ministry has paid 1,500 families so far,” said Minister Zoë Núñez.",
        "“彼は昨日東京へ行きました,” said Kenji Sato.",
        title="The council meets again",
    ),
)

CASES: list[tuple[str, Verdict] | tuple[str, Verdict, Matter]] = [
    ("We will not close seven libraries this year", Verdict.EXACT),
    ("we will not close SEVEN libraries this year!!", Verdict.EXACT),
    ('"We will not close seven libraries this year," Ortiz said.', Verdict.EXACT),
    ("“We will not close eight libraries this year”", Verdict.EXACT),
    ("We will close seven libraries this year", Verdict.ALTERED, Matter.NEGATION),
    ("We will not close six libraries this year", Verdict.ALTERED, Matter.NUMBER),
    ("We will not close nine libraries next year", Verdict.ALTERED, Matter.NUMBER),
    ("The budget is $6m, and it has never been higher", Verdict.ALTERED, Matter.NUMBER),
    ("The budget is £5m, and it has never been higher", Verdict.ALTERED, Matter.NUMBER),
    ("The budget is $5m, and it has been higher", Verdict.ALTERED, Matter.NEGATION),
    ("The budget is $5m, and it has ever been higher", Verdict.ALTERED, Matter.NEGATION),
    ("It took us 7.5 hours and we had to do it twice", Verdict.EXACT),
    ("It took us 7 hours, and we had to do it twice", Verdict.ALTERED, Matter.NUMBER),
    ("It took us 7.5 hours … we had to do it twice", Verdict.EXACT),
    ("we had to do it twice. It took us 7.5 hours", Verdict.ALTERED),
    ("I was terrified of the height, but in the end I did it", Verdict.EXACT),
    ("I was terrified ... in the end I did it", Verdict.EXACT),
    ("I was terrified […] in the end I did it", Verdict.EXACT),
    ("I was terrified in the end I did it", Verdict.ALTERED),
    ("Nobody knew what the new cafe would cost the town", Verdict.EXACT),
    ("Nobody knew what the café would cost the town", Verdict.EXACT),
    ("Nobody knew what the [old] café would cost the town", Verdict.EXACT),
    ("Everybody knew what the new café would cost the town", Verdict.ALTERED, Matter.NEGATION),
    ("Our coordinator told me, 'You are what you do to them,' and left the room", Verdict.EXACT),
    ("You are what you do to them", Verdict.EXACT),
    ("We do rehearse on Sundays, and I won't start now", Verdict.ALTERED, Matter.NEGATION),
    ("We dont rehearse on Sundays, and I wont start now", Verdict.EXACT),
    ("We don't rehearse on Sundays, and I will start now", Verdict.ALTERED, Matter.NEGATION),
    ("We do not rehearse on Sundays, and I won't start now", Verdict.ALTERED, Matter.NONE),
    ("They were cold, we were hungry and nobody came", Verdict.EXACT),
    ("They were cold, we were hungry & nobody came", Verdict.EXACT),
    ("Intrust is the only thing that makes a scene work", Verdict.ALTERED, Matter.NEGATION),
    ("They were cold, we’re hungry and nobody came", Verdict.ALTERED),
    ("They were cold, we were hungry and somebody came", Verdict.ALTERED, Matter.NEGATION),
    (
        "Trust is the only thing that makes a scene work. Without it you have nothing.",
        Verdict.EXACT,
    ),
    (
        "Trust is the only thing that makes a scene work, and nobody knew what the café would cost",
        Verdict.SPLICED,
    ),
    ("I saw the fire from my kitchen window and we had to do it twice", Verdict.SPLICED),
    ("Without it you have nothing, we were hungry and nobody came", Verdict.SPLICED),
    ('"Trust is the only thing that makes a scene work," said Jane Smith', Verdict.ANOTHER),
    ('"Trust is the only thing that makes a scene work" - Ann Lee', Verdict.EXACT),
    ('Ann Lee: "Trust is the only thing that makes a scene work"', Verdict.EXACT),
    ('Bill Moor: "They were cold, we were hungry and nobody came"', Verdict.ANOTHER),
    ('Moor: "They were cold, we were hungry and nobody came"', Verdict.EXACT),
    ('"We will not close eight libraries this year" — Lena Ortiz', Verdict.ANOTHER),
    ('"We will not close seven libraries this year," said the mayor', Verdict.EXACT),
    (
        "I saw the fire from my kitchen window and ran, said Tom Reyes",
        Verdict.ANOTHER,
    ),
    ('"I saw the fire from my kitchen window and ran," said Tom Reyes', Verdict.ANOTHER),
    ("The ministry has paid 1500 families so far", Verdict.EXACT),
    ("The ministry has paid 15,000 families so far", Verdict.ALTERED, Matter.NUMBER),
    ("彼は昨日東京へ行きました", Verdict.EXACT),
    (
        "The theatre reopened in March after two years of repairs and a long argument over money.",
        Verdict.PARAPHRASE,
    ),
    ("The theatre reopened in March after two years of repairs", Verdict.PARAPHRASE),
    (
        "In March, after repairs that took two years, the theatre opened its doors again",
        Verdict.PARAPHRASE,
    ),
    ("Over three hundred people signed a petition against the road", Verdict.PARAPHRASE),
    ("If there is no trust, a scene cannot work at all", Verdict.ABSENT),
    ("I ran when I saw flames through the window of my kitchen", Verdict.PARAPHRASE),
    ("We are going to shut down seven of the libraries", Verdict.ABSENT),
    ("The moon is made of green cheese and mice", Verdict.ABSENT),
    ("Taxes must rise before the end of the decade", Verdict.ABSENT),
    ("I have always loved the smell of rain in the morning", Verdict.ABSENT),
    ("What would you do?", Verdict.EXACT),
    ("What would you", Verdict.SCRAP),
    ("hello", Verdict.SCRAP),
    ("We will not close libraries", Verdict.ALTERED),
    ("libraries close not will We this year seven", Verdict.ALTERED),
]
