-- Tokens of a user that were made before this second are refused.
ALTER TABLE `user` ADD COLUMN `not_before` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'tokens made before this Unix second are refused' AFTER `unlocks`;
ALTER TABLE `user` ADD KEY `idx_not_before` (`not_before`);
