CREATE TABLE "token" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "public_id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "scopes" TEXT COLLATE "C" NOT NULL,
    "created_at" TEXT COLLATE "C" NOT NULL,
    "expires_at" TEXT COLLATE "C",
    "revoked_at" TEXT COLLATE "C",
    "last_used_at" TEXT COLLATE "C",
    CHECK (length(sha256) = 64)
);
CREATE UNIQUE INDEX "token_public_id" ON "token" ("public_id");
CREATE UNIQUE INDEX "token_name" ON "token" ("name");

CREATE TABLE "idempotency" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "token_id" INTEGER NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "fingerprint" TEXT COLLATE "C" NOT NULL,
    "claim" TEXT COLLATE "C" NOT NULL,
    "claimed_at" TEXT COLLATE "C" NOT NULL,
    "status" INTEGER,
    "headers" TEXT COLLATE "C",
    "body" BYTEA,
    FOREIGN KEY ("token_id") REFERENCES "token" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(fingerprint) = 64)
);
CREATE UNIQUE INDEX "idempotency_token_id_key" ON "idempotency" ("token_id", "key");
CREATE INDEX "idempotency_claimed_at" ON "idempotency" ("claimed_at");
