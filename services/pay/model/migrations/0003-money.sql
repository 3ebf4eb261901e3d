-- A payment has an end and a currency, its money may go back, and what does not match is held.
ALTER TABLE `pay` ADD COLUMN `currency` char(3) NOT NULL DEFAULT 'CNY' COMMENT 'ISO 4217' AFTER `status`;
ALTER TABLE `pay` ADD COLUMN `expire_time` timestamp NULL COMMENT 'when it is closed if it is still unpaid; a Go process writes none' AFTER `currency`;
ALTER TABLE `pay` ADD COLUMN `paid_time` timestamp NULL COMMENT 'when the success was recorded; a Go process writes none' AFTER `expire_time`;
ALTER TABLE `pay` ADD COLUMN `refunded_amount` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'given back' AFTER `paid_time`;
ALTER TABLE `pay` ADD COLUMN `refunding_amount` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'reserved for refunds that have not ended' AFTER `refunded_amount`;
ALTER TABLE `pay` ADD COLUMN `held_reason` varchar(64) NOT NULL DEFAULT '' COMMENT 'why the money waits for a decision' AFTER `refunding_amount`;
ALTER TABLE `pay` ADD KEY `idx_status_expire` (`status`, `expire_time`);
