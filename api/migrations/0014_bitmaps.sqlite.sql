CREATE TABLE "stored_bitmaps" ("name" TEXT NOT NULL PRIMARY KEY, "sequence" INTEGER NOT NULL, "body" BLOB NOT NULL);
