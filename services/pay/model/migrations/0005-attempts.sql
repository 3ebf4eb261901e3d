-- Who begins an attempt changes the payment's row, so that two who decide about a payment at once on two nodes of a
-- cluster meet there: a lock of the row holds on one of them.
ALTER TABLE `pay` ADD COLUMN `attempts` int(10) unsigned NOT NULL DEFAULT '0' COMMENT 'attempts that were begun since they are counted' AFTER `held_reason`;
