-- How often an operator had an account's wrong passwords forgotten: processes count under another name after each.
ALTER TABLE `user` ADD COLUMN `unlocks` int unsigned NOT NULL DEFAULT '0' COMMENT 'how often counted wrong passwords were forgotten' AFTER `role`;
