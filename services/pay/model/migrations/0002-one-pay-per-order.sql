-- One payment intent per order, decided by the index and not by a check before the insert.
ALTER TABLE `pay` ADD UNIQUE KEY `idx_oid_unique` (`oid`);
ALTER TABLE `pay` DROP KEY `idx_oid`;
