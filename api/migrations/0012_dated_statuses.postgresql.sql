ALTER TABLE "agreement" ADD COLUMN "status_as_of" TEXT COLLATE "C";
