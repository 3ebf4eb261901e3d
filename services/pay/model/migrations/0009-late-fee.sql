-- Some channels tell their fee after the money: it is an entry of its own in the books, and the receipt stays as it is.
ALTER TABLE `pay_attempt` ADD COLUMN `late_fee` bigint unsigned NULL COMMENT 'what the channel keeps of it, where it told so after the receipt' AFTER `fee`;
