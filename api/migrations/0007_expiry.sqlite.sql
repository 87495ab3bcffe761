CREATE TABLE "expiry" ("number" INTEGER NOT NULL PRIMARY KEY, "until" INTEGER NOT NULL, "moment" TEXT NOT NULL);
CREATE UNIQUE INDEX "expiry_until" ON "expiry" ("until");
