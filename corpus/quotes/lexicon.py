"""Closed word lists of English news prose: verbs that report speech, titles, roles, pronouns.

Lists, not weights: each was written for this project from the vocabulary of news copy, American
and British.
"""

from __future__ import annotations

import unicodedata


def words(text: str) -> frozenset[str]:
    """The white-space separated words of ``text``."""
    return frozenset(text.split())


_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "œ": "oe", "ß": "ss"}
)


def plain(word: str) -> str:
    """``word`` in lower case without accents, its apostrophes and hyphens made straight."""
    if word.isascii():
        return word.lower()
    word = word.replace("’", "'").replace("‐", "-").replace("‑", "-")
    word = word.translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "write": "writes wrote written writing",
    "read": "reads reading",
    "think": "thinks thought thinking",
    "put": "puts putting",
    "hold": "holds held holding",
    "find": "finds found finding",
    "swear": "swears swore sworn swearing",
    "begin": "begins began beginning",
    "plead": "pleads pleaded pled pleading",
    "quip": "quips quipped quipping",
    "admit": "admits admitted admitting",
    "concede": "concedes conceded conceding",
    "sob": "sobs sobbed sobbing",
    "snap": "snaps snapped snapping",
    "chip": "chips chipped chipping",
    "hit": "hits hitting",
    "grin": "grins grinned grinning",
    "nod": "nods nodded nodding",
    "shrug": "shrugs shrugged shrugging",
    "sing": "sings sang sung singing",
    "go": "goes went going",
    "sum": "sums summed summing",
    "shout": "shouts shouted shouting",
    "rebut": "rebuts rebutted rebutting",
    "blog": "blogs blogged blogging",
    "dub": "dubs dubbed dubbing",
    "rap": "raps rapped rapping",
    "hum": "hums hummed humming",
}


def inflected(text: str) -> frozenset[str]:
    """All finite forms and participles of the verbs in ``text``."""
    forms: set[str] = set()
    for verb in text.split():
        forms |= {verb, *_IRREGULAR.get(verb, " ".join(_regular(verb))).split()}
    return frozenset(forms)


def _regular(verb: str) -> tuple[str, str, str]:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    if verb.endswith("e"):
        return verb + "s", verb + "d", verb[:-1] + "ing"
    third = verb + ("es" if verb.endswith(("sh", "ch", "ss", "x")) else "s")
    return third, verb + "ed", verb + "ing"


#: Verbs that report speech wherever they stand.
SPEECH = inflected(
    "say tell add note explain ask reply answer respond continue conclude recall remark state "
    "comment argue insist admit acknowledge claim write tweet post announce declare exclaim "
    "shout yell whisper mutter joke quip murmur observe suggest stress emphasize emphasise urge "
    "vow promise pledge predict lament complain counter retort rebut concede confess reveal "
    "disclose clarify reiterate repeat caution advise assert contend maintain testify boast muse "
    "wonder interject opine query inquire enquire speculate hint confirm allege elaborate "
    "reflect reason warn agree object protest proclaim recount report read remember plead "
    "pronounce gush enthuse fume bark growl groan moan grumble gasp stammer drawl scream cry "
    "snap bellow roar hiss sneer tease crow thunder chant text caution believe bemoan counsel "
    "deadpan volunteer venture signal ponder propose recommend reassure remind inform assure "
    "message caption demand order instruct request beg implore swear chime counter clarify "
    "correct scold chide philosophise philosophize theorise theorize summarise summarize rejoin "
    "decry blast rage rave marvel muse profess vent offer deny describe characterize characterise "
    "paraphrase"
)
#: Forms that are nouns as well: verbs only right after a subject that is plain to see.
NOUN_FORMS = words(
    "post posts comment comments report reports text texts message messages answer answers reply "
    "replies claim claims promise promises pledge pledges demand demands order orders request "
    "requests offer offers read reads reason reasons tweet tweets note notes remark remarks cry "
    "cries scream screams shout shouts blog blogs signal signals object objects counter counters "
    "volunteer volunteers protest protests complaint joke jokes murmur whisper whispers rage "
    "rave chant chants caution vow vows venture roar growl groan moan stress response state "
    "states counsel remark record query inquiry question recount"
)
#: Verbs that report speech only where their clause stands right beside the quotation.
MANNER = inflected(
    "hold rule find laugh smile sigh nod shrug grin beam chuckle giggle sob sing begin start "
    "finish interrupt interpose think quote put go sum cite point call hail feel hope fear mean "
    "decide know write stipulate print publish share hit fire chip pipe"
)
#: Verbs that give something a name; the words in marks after them are mostly not speech.
NAMING = inflected(
    "call dub name title label brand nickname entitle rename term style christen"
) | {
    "entitled",
    "titled",
    "known",
    "labelled",
    "so-called",
}
#: "described it as", "called it": the quoted words are a judgement somebody spoke.
JUDGING = inflected(
    "call describe characterize characterise label brand dub denounce condemn hail praise "
    "dismiss slam blast criticise criticize deride decry"
)
#: Of these, the ones that tell of thoughts and deeds as well: quoted words far behind them need
#: not be anybody's.
THOUGHT = inflected(
    "believe think agree disagree remember offer propose recommend demand order request object "
    "volunteer venture signal reason read promise vow pledge hint reveal disclose confirm "
    "announce"
)
#: Past forms whose subject, after "was", is the one spoken to.
ADDRESSED = words("told asked warned reminded informed advised urged")
#: Verbs whose object is the one spoken to.
ADDRESSING = inflected("tell ask remind inform assure advise warn urge text message reassure beg")

AUXILIARIES = words(
    "almost has had have having was is are were be been being will did does do 's 've 'd 'll "
    "also later then once now just still even further only never not already again reportedly "
    "soon recently often first last finally instead yesterday today previously since too simply "
    "always ever would could might should may can must famously once meanwhile however"
)
NEGATIONS = words(
    "almost nearly wish wishes wished pretended not never didn't doesn't don't won't wouldn't "
    "couldn't can't hadn't hasn't haven't nobody cannot denied denies refused refuses declined "
    "shouldn't"
)
MODALS = words("would could might should may can must will shall 'd 'll")
GENERIC_SUBJECTS = words(
    "some many others you anyone anybody everyone everybody people someone somebody one nobody they"
)
PAST_FORMS = words("said told wrote written thought swore put sang sung went held found")

FEMALE_PRONOUNS = words("she her hers herself")
MALE_PRONOUNS = words("he him his himself")
SUBJECT_PRONOUNS = words("he she they it i we you who")

ARTICLES = words("a an the this that these those")
POSSESSIVES = words("my your his her its our their")
DETERMINERS = (
    ARTICLES
    | POSSESSIVES
    | words(
        "one another some several many both two three four five each every other most few all "
        "no any"
    )
)
PREPOSITIONS = words(
    "of for at from with by in on to into onto about after before during under over against "
    "between among amid through throughout within without near since until despite toward "
    "towards outside inside following as like via per including behind beyond around across upon"
)
NOUN_LINKS = words("of for at from with by in to on behind")
SUBORDINATORS = words(
    "that when if because while whilst although though whether where who whom whose which unless "
    "whereas than so how why what once"
)
CONJUNCTIONS = words("and but or yet nor then")
TIME_WORDS = words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december yesterday today tonight tomorrow "
    "earlier later recently afterwards afterward"
)
MONTHS_AND_DAYS = TIME_WORDS - words("yesterday today tonight tomorrow earlier later recently")
COMMON_VERBS = words(
    "is was were are be been has have had do does did will would can could may might must shall "
    "should went came got made took gave left began became seemed looked wanted knew saw found "
    "kept let put ran met led won lost held brought sat stood said says told tells asked "
    "described called shared gets makes takes gives goes comes wants knows sees finds leaves "
    "helps helped shows showed shook spoke wore drove flew grew threw rose fell felt sent spent "
    "built broke chose drew drank ate cut beat bought caught taught fought thought sang slept "
    "wept swept laid lay paid quit rode rang sold shot shut stole struck tore woke blew dealt "
    "fled forgot froze hid heard meant understood withdrew wrote written given taken been done "
    "seen gone"
)

#: Titles written before a name. The first group may belong to anyone.
#: Letters after a name.
POSTNOMINALS = words("mp msp mep obe mbe cbe kbe qc kc phd md esq")
HONORIFICS = words("mr mrs ms miss mx dr prof sir dame lord lady rev fr st hon madam master")
TITLE_WORDS = words(
    "president prime minister senator sen representative rep governor gov mayor chancellor "
    "secretary ambassador general gen colonel col captain capt major maj lieutenant lt sergeant "
    "sgt corporal cpl commander admiral officer detective det insp supt inspector superintendent "
    "chief constable pc dc judge justice attorney professor doctor reverend father sister "
    "brother bishop archbishop cardinal pope rabbi imam king queen prince princess duke duchess "
    "baron baroness count countess earl emperor chairman chairwoman chair director manager coach "
    "spokesman spokeswoman spokesperson congressman congresswoman councillor councilman "
    "councilwoman cllr mp msp deputy vice acting former emeritus undersecretary commissioner "
    "administrator coordinator executive producer actor actress singer author novelist comedian "
    "speaker leader premier sheriff marshal principal headteacher dean treasurer analyst "
    "economist professors ministers presidents senators assistant associate senior junior shadow "
    "home foreign environment education health defence defense finance interior editor "
    "co-founder founder ceo cfo coo head dj uncle aunt auntie grandma grandpa mum mom dad nurse "
    "sheikh ayatollah mullah crown detective-inspector sub-inspector us u.s. uk u.k. state "
    "federal striker midfielder defender goalkeeper winger captain skipper lawyer barrister "
    "solicitor star intimacy choreographer stuntman campaigner resident student teacher"
)
TITLES = HONORIFICS | TITLE_WORDS
FEMALE_TITLES = words(
    "mrs ms miss dame lady madam sister queen princess duchess baroness countess aunt auntie "
    "grandma mum mom actress spokeswoman chairwoman congresswoman councilwoman"
)
MALE_TITLES = words(
    "mr sir lord father brother king prince duke baron earl uncle grandpa dad spokesman chairman "
    "congressman councilman fr stuntman"
)

FEMALE_ROLES = words(
    "woman girl mother mum mom wife sister daughter aunt grandmother widow actress spokeswoman "
    "chairwoman congresswoman councilwoman policewoman businesswoman saleswoman queen princess "
    "duchess baroness countess heroine waitress hostess landlady niece granddaughter mum-of-two "
    "mother-of-two stepmother girlfriend ex-wife ex-girlfriend firstlady nun songstress diva "
    "schoolgirl grandma businesswoman frontwoman stuntwoman sportswoman godmother bride"
)
MALE_ROLES = words(
    "man boy father dad husband brother son uncle grandfather widower spokesman chairman "
    "congressman councilman policeman businessman salesman king prince duke baron earl hero "
    "waiter landlord nephew grandson stepfather boyfriend ex-husband ex-boyfriend monk fireman "
    "schoolboy father-of-two grandpa frontman stuntman sportsman godfather groom gunman "
    "fisherman"
)
#: What people are called by what they do: heads of noun phrases that mean a person.
ROLES = (
    FEMALE_ROLES
    | MALE_ROLES
    | words(
        "mayor president minister secretary senator governor representative lawmaker "
        "politician chancellor ambassador general colonel captain major lieutenant sergeant "
        "commander admiral officer detective inspector superintendent chief constable judge "
        "justice lawyer attorney barrister solicitor prosecutor professor doctor surgeon nurse "
        "physician scientist researcher academic lecturer teacher headteacher principal "
        "student pupil economist analyst expert author writer novelist poet playwright "
        "journalist reporter columnist editor critic blogger presenter broadcaster host anchor "
        "actor star singer musician rapper songwriter guitarist drummer pianist composer "
        "conductor artist painter sculptor director producer filmmaker screenwriter showrunner "
        "comedian comic dancer choreographer designer model photographer cinematographer "
        "curator chef coordinator co-ordinator coach manager trainer boss captain skipper "
        "striker midfielder defender goalkeeper winger forward quarterback player athlete "
        "runner swimmer boxer cyclist golfer champion footballer leader chairperson chair "
        "director executive ceo founder co-founder owner entrepreneur investor banker "
        "spokesperson adviser advisor aide assistant deputy councillor campaigner activist "
        "organiser organizer volunteer resident neighbour neighbor witness victim survivor "
        "driver pilot farmer worker engineer architect builder priest vicar bishop archbishop "
        "pope rabbi imam pastor official diplomat commissioner administrator auditor "
        "accountant treasurer librarian historian biologist chemist physicist astronaut "
        "veteran soldier premier speaker member colleague friend child kid teenager patient "
        "customer passenger tourist parent sibling cousin partner couple winner nominee "
        "candidate frontrunner rival opponent conductor landlord tenant shopkeeper baker "
        "butcher plumber carpenter electrician firefighter paramedic instructor tutor dean "
        "warden ranger vet dentist psychologist therapist counsellor homeopath poster user "
        "coauthor co-author narrator creator agent lobbyist whistleblower umpire referee "
        "manager head keeper caretaker gardener undersecretary administrator superstar "
        "frontrunner londoner texan newyorker oscar-winner star developer programmer planner "
        "surveyor registrar"
    )
)
#: One kind of person under another name: "the singer" may be "the star".
WIDER_ROLES = {
    "star": words("actor actress singer musician rapper footballer player"),
    "actor": words("actress"),
    "politician": words(
        "mayor senator governor minister representative lawmaker councillor mp president "
        "congressman congresswoman secretary premier chancellor"
    ),
    "lawmaker": words("senator representative congressman congresswoman mp"),
    "boss": words("manager coach ceo executive chief"),
    "coach": words("manager trainer"),
    "manager": words("coach"),
    "musician": words("singer rapper guitarist drummer pianist songwriter"),
    "artist": words("painter sculptor singer musician rapper"),
    "writer": words("author novelist poet playwright journalist columnist screenwriter"),
    "author": words("novelist writer"),
    "novelist": words("author"),
    "journalist": words("reporter columnist editor"),
    "lawyer": words("attorney barrister solicitor prosecutor"),
    "attorney": words("lawyer"),
    "doctor": words("physician surgeon"),
    "academic": words("professor lecturer"),
    "scientist": words("researcher biologist chemist physicist"),
    "filmmaker": words("director"),
    "performer": words("actor actress singer musician dancer comedian"),
    "chairwoman": words("chair chairperson"),
    "chairman": words("chair chairperson"),
    "chair": words("chairwoman chairman chairperson"),
    "owner": words("landlord landlady"),
    "spokesperson": words("spokesman spokeswoman"),
    "athlete": words("runner swimmer boxer cyclist golfer player footballer"),
    "chief": words("ceo executive commissioner"),
    "premier": words("minister"),
}
#: Heads of noun phrases that mean a group, an office or a document which "says" things.
BODIES = words(
    "company firm airline retailer manufacturer brand bank ministry department agency authority "
    "council government administration committee commission union association federation league "
    "club team band group charity organisation organization foundation institute university "
    "college school hospital police court church party campaign board panel parliament senate "
    "house office bureau service army navy force newspaper paper magazine broadcaster station "
    "network channel site website outlet statement report study letter email memo document "
    "filing lawsuit complaint ruling post tweet press release note review article editorial "
    "caption survey poll petition notice spokespersons studio publisher label theatre theater "
    "museum gallery festival city town county village state country watchdog regulator embassy "
    "palace crown trust society alliance coalition movement pair duo trio family couple "
    "researchers scientists authors officials critics residents campaigners fans experts players "
    "investigators prosecutors lawyers protesters witnesses organisers organizers supporters "
    "officers doctors teachers parents neighbours neighbors media times post journal herald "
    "gazette"
)
COMMERCIAL = words(
    "company firm airline retailer manufacturer brand bank business chain maker supplier "
    "broadcaster operator studio publisher label carmaker chipmaker"
)
COMPANY_NAME_ENDS = words(
    "inc inc. ltd ltd. llc plc corp corp. corporation co co. company companies group holdings "
    "foods airlines airways motors bank stores industries technologies systems electronics "
    "brewery breweries bakery pharmaceuticals energy media entertainment pictures studios "
    "records partners"
)
#: Words that make a capitalised run the name of a body or a place, not of a person.
ORGANISATION_WORDS = COMPANY_NAME_ENDS | words(
    "western eastern northern southern central university college school council department "
    "ministry office agency authority association federation league club united city county "
    "party committee commission court church institute foundation society museum gallery "
    "festival times post journal herald gazette guardian tribune news press network union trust "
    "army navy police bureau board house senate congress parliament states kingdom fair street "
    "road avenue square park stadium arena center centre hall bridge river lake mountain island "
    "islands north south east west world cup games olympics award awards prize project program "
    "programme movement act day week year fund bbc cnn nbc abc cbs itv nasa fbi un eu magazine "
    "daily weekly mirror sun telegraph observer independent chronicle sea ocean valley beach "
    "twitter facebook youtube instagram google reuters mashable netflix hbo team championship "
    "academy international national royal global american british conservative labour democratic "
    "republican website foundation hospital airport station theatre theater rights asylum "
    "internet organization organisation security affairs reporter variety deadline billboard "
    "vogue administration security authority nations"
)
WORK_NOUNS = words(
    "essay book novel film movie song album show series play poem article paper report "
    "documentary podcast single track episode memoir musical opera story sitcom drama comedy "
    "thriller hit ballad anthem sequel prequel blockbuster bestseller painting sculpture "
    "exhibition exhibit ep lp mixtape video game column feature tome biography autobiography "
    "novella trilogy manga comic remake adaptation sketch monologue short tour magazine site "
    "website page section blog post headline chapter lecture talk symphony hymn cartoon "
    "screenplay script programme program soundtrack print piece work works book books songs "
    "films campaign project operation robot boat ship restaurant bar cafe pub band"
)
WORD_NOUNS = words(
    "headline word words term terms phrase expression name names label hashtag slogan motto "
    "title nickname letters adjective noun verb acronym moniker tag alias password spelling "
    "catchphrase concept notion idea sign banner placard logo tattoo button heading"
)
#: What carries words that nobody speaks.
SIGNS = words("sign banner placard label screen menu button badge t-shirt notice plaque tattoo")
#: What common sayings are called.
SAYINGS = words("saying adage proverb motto joke legend song lyric lyrics maxim")
HEDGES = words(
    "so-called supposed alleged self-styled self-proclaimed self-described would-be socalled "
    "proverbial purported ostensible quote-unquote quote"
)
