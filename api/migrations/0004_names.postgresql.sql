CREATE TABLE "named_record" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "noun" TEXT COLLATE "C" NOT NULL,
    "record" INTEGER NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "statements" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "named_record_noun_record" ON "named_record" ("noun", "record");
CREATE INDEX "named_record_most_frequent" ON "named_record" ("statements" DESC, "id", "noun");

CREATE TABLE "name" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "lang" TEXT COLLATE "C" NOT NULL,
    "proper" BOOLEAN NOT NULL,
    "phrase" TEXT COLLATE "C" NOT NULL,
    "skeleton" TEXT COLLATE "C" NOT NULL,
    "first" TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "named_record" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "name_first" ON "name" ("first");
CREATE UNIQUE INDEX "name_owner_id_position" ON "name" ("owner_id", "position");
CREATE UNIQUE INDEX "name_owner_id_phrase" ON "name" ("owner_id", "phrase");

CREATE TABLE "name_start" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "start" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "named_record" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "name_start_owner_id_start_position" ON "name_start" ("owner_id", "start", "position");
CREATE INDEX "name_start_start_owner_id_position" ON "name_start" ("start", "owner_id", "position");

CREATE TABLE "name_edition" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "stamp" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "name_edition_stamp" ON "name_edition" ("stamp");
