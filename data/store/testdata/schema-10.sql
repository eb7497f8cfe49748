CREATE TABLE booking (key INTEGER PRIMARY KEY REFERENCES cases (key),
resource TEXT NOT NULL,
day TEXT NOT NULL,
start TEXT NOT NULL,
finish TEXT NOT NULL) STRICT;

CREATE TABLE bundle (key INTEGER PRIMARY KEY REFERENCES cases (key),
bundle ANY NOT NULL) STRICT;

CREATE TABLE case_body (key INTEGER PRIMARY KEY REFERENCES cases (key),
body BLOB NOT NULL) STRICT;

CREATE TABLE cases (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
shelf INTEGER NOT NULL DEFAULT 0,
updated INTEGER NOT NULL DEFAULT 0,
conflicts INTEGER NOT NULL DEFAULT 0,
waiting INTEGER NOT NULL DEFAULT 0,
rejected INTEGER NOT NULL DEFAULT 0,
loose INTEGER NOT NULL DEFAULT 0,
files INTEGER NOT NULL DEFAULT 0,
missing INTEGER NOT NULL DEFAULT 0,
seq INTEGER NOT NULL DEFAULT 0,
stale INTEGER NOT NULL DEFAULT 0,
hlc INTEGER NOT NULL DEFAULT 0,
user TEXT NOT NULL DEFAULT '',
number TEXT NOT NULL DEFAULT '',
state TEXT NOT NULL DEFAULT '',
service TEXT NOT NULL DEFAULT '',
subject TEXT NOT NULL DEFAULT '',
party TEXT NOT NULL DEFAULT '',
title TEXT NOT NULL DEFAULT '',
created INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE desk (key INTEGER PRIMARY KEY CHECK (key = 1),
identity TEXT NOT NULL,
history TEXT NOT NULL DEFAULT '',
seq INTEGER NOT NULL DEFAULT 0,
hash TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE device (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
own INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE document (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
matter INTEGER NOT NULL REFERENCES cases (key),
journal INTEGER NOT NULL REFERENCES journal (key),
text INTEGER REFERENCES file (key),
indexed INTEGER NOT NULL DEFAULT 0,
unheard INTEGER NOT NULL DEFAULT 0,
version ANY NOT NULL DEFAULT '',
trashed INTEGER NOT NULL DEFAULT 0,
need INTEGER NOT NULL DEFAULT 0,
draw INTEGER NOT NULL DEFAULT 0,
scanned INTEGER NOT NULL DEFAULT 0,
scanner TEXT NOT NULL DEFAULT '',
owed INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE document_file (document INTEGER NOT NULL REFERENCES document (key),
file INTEGER NOT NULL REFERENCES file (key),
journal INTEGER NOT NULL REFERENCES journal (key),
PRIMARY KEY (document,
file)) STRICT,
WITHOUT ROWID;

CREATE TABLE draft (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
user TEXT NOT NULL,
updated INTEGER NOT NULL,
body BLOB NOT NULL,
unindexed INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE draft_page (key INTEGER PRIMARY KEY,
draft INTEGER NOT NULL REFERENCES draft (key),
text ANY NOT NULL,
no INTEGER NOT NULL,
body BLOB NOT NULL) STRICT;

CREATE TABLE file (key INTEGER PRIMARY KEY,
hash ANY NOT NULL UNIQUE,
size INTEGER NOT NULL,
text INTEGER NOT NULL,
here INTEGER NOT NULL,
sent INTEGER NOT NULL,
turn INTEGER NOT NULL DEFAULT 4) STRICT;

CREATE VIRTUAL TABLE find_case USING fts5 (number,
party,
field,
note,
content = '',
contentless_delete = 1,
detail = 'column',
tokenize = 'ascii',
prefix = '1 2 3 4');

CREATE VIRTUAL TABLE find_draft USING fts5 (text,
content = '',
contentless_delete = 1,
detail = 'none',
tokenize = 'ascii',
prefix = '2 3');

CREATE VIRTUAL TABLE find_page USING fts5 (text,
content = '',
contentless_delete = 1,
detail = 'none',
tokenize = 'ascii',
prefix = '2 3');

CREATE VIRTUAL TABLE find_party USING fts5 (name,
place,
sound,
content = '',
contentless_delete = 1,
detail = 'column',
tokenize = 'ascii',
prefix = '1 2 3');

CREATE TABLE form (key INTEGER PRIMARY KEY,
topic ANY NOT NULL,
id TEXT NOT NULL,
version TEXT NOT NULL,
hash ANY NOT NULL,
rank INTEGER NOT NULL,
title TEXT NOT NULL,
file INTEGER NOT NULL REFERENCES file (key),
retired INTEGER NOT NULL,
standing INTEGER NOT NULL,
journal INTEGER NOT NULL REFERENCES journal (key)) STRICT;

CREATE TABLE journal (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
matter INTEGER REFERENCES cases (key),
device INTEGER NOT NULL REFERENCES device (key),
n INTEGER NOT NULL,
seq INTEGER,
kind TEXT NOT NULL,
time TEXT NOT NULL,
hlc INTEGER NOT NULL,
user TEXT NOT NULL,
prev ANY NOT NULL,
payload_hash ANY NOT NULL,
payload BLOB,
fault TEXT NOT NULL DEFAULT '',
topic ANY) STRICT;

CREATE TABLE number (series TEXT NOT NULL PRIMARY KEY,
last INTEGER NOT NULL) STRICT,
WITHOUT ROWID;

CREATE TABLE outbox (journal INTEGER PRIMARY KEY REFERENCES journal (key),
matter INTEGER REFERENCES cases (key),
bytes INTEGER NOT NULL) STRICT;

CREATE TABLE page (key INTEGER PRIMARY KEY,
document INTEGER NOT NULL REFERENCES document (key),
no INTEGER NOT NULL,
text BLOB NOT NULL) STRICT;

CREATE TABLE party (key INTEGER PRIMARY KEY REFERENCES cases (key),
person INTEGER NOT NULL,
since INTEGER NOT NULL,
family TEXT NOT NULL,
given TEXT NOT NULL,
organisation TEXT NOT NULL,
birth TEXT NOT NULL,
street TEXT NOT NULL,
house TEXT NOT NULL,
postcode TEXT NOT NULL,
town TEXT NOT NULL,
phone TEXT NOT NULL,
email TEXT NOT NULL,
iban TEXT NOT NULL,
identity TEXT NOT NULL) STRICT;

CREATE TABLE party_key (hash INTEGER NOT NULL,
party INTEGER NOT NULL REFERENCES party (key),
PRIMARY KEY (hash,
party)) STRICT,
WITHOUT ROWID;

CREATE TABLE reading (key INTEGER PRIMARY KEY,
hash ANY NOT NULL,
language TEXT NOT NULL,
engine TEXT NOT NULL,
words BLOB NOT NULL,
fault TEXT NOT NULL,
tries INTEGER NOT NULL) STRICT;

CREATE TABLE rejected (journal INTEGER PRIMARY KEY REFERENCES journal (key),
matter INTEGER REFERENCES cases (key),
bytes INTEGER NOT NULL,
code TEXT NOT NULL,
detail TEXT NOT NULL) STRICT;

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY,
value TEXT NOT NULL) STRICT,
WITHOUT ROWID;

CREATE TABLE tally (list TEXT NOT NULL,
level INTEGER NOT NULL,
bucket INTEGER NOT NULL,
n INTEGER NOT NULL,
PRIMARY KEY (list,
level,
bucket)) STRICT,
WITHOUT ROWID;

CREATE TABLE tray_page (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
stack INTEGER NOT NULL REFERENCES tray_stack (key),
n INTEGER NOT NULL,
hash ANY NOT NULL,
body BLOB NOT NULL,
UNIQUE (stack,
n)) STRICT;

CREATE TABLE tray_stack (key INTEGER PRIMARY KEY,
id ANY NOT NULL UNIQUE,
made INTEGER NOT NULL,
body BLOB NOT NULL) STRICT;

CREATE INDEX booking_day ON booking (resource,
day);

CREATE INDEX bundle_id ON bundle (bundle);

CREATE INDEX cases_conflict ON cases (updated) WHERE conflicts > 0 AND shelf > 0;

CREATE INDEX cases_created ON cases (shelf,
created);

CREATE INDEX cases_number ON cases (number) WHERE number <> '';

CREATE INDEX cases_shelf ON cases (shelf,
updated);

CREATE INDEX cases_stale ON cases (stale) WHERE stale = 1;

CREATE INDEX cases_user ON cases (user,
updated) WHERE shelf = 1;

CREATE INDEX document_file_file ON document_file (file);

CREATE INDEX document_matter ON document (matter);

CREATE INDEX document_need ON document (need,
scanned,
draw) WHERE need > 0;

CREATE INDEX document_owed ON document (owed) WHERE unheard = 2;

CREATE INDEX document_text ON document (text) WHERE indexed = 0 AND text IS NOT NULL;

CREATE INDEX document_unheard ON document (key) WHERE unheard = 1;

CREATE INDEX draft_page_draft ON draft_page (draft,
text);

CREATE INDEX draft_unindexed ON draft (key) WHERE unindexed = 1;

CREATE INDEX file_fetch ON file (turn,
size) WHERE here = 0;

CREATE INDEX file_send ON file (turn,
size) WHERE sent = 0;

CREATE INDEX form_file ON form (file);

CREATE INDEX form_topic ON form (topic);

CREATE INDEX journal_certify ON journal (key) WHERE kind = 'certify';

CREATE INDEX journal_chain ON journal (device,
n);

CREATE INDEX journal_fault ON journal (fault) WHERE fault <> '';

CREATE INDEX journal_matter ON journal (matter);

CREATE INDEX journal_topic ON journal (topic) WHERE topic IS NOT NULL;

CREATE INDEX page_document ON page (document);

CREATE INDEX party_person ON party (person,
since);

CREATE UNIQUE INDEX reading_page ON reading (hash,
language,
engine);

CREATE INDEX tray_page_hash ON tray_page (hash);
