-- Why an attempt's money was held; it stays when somebody has decided, since the books tell of it.
ALTER TABLE `pay_attempt` ADD COLUMN `held_reason` varchar(64) NOT NULL DEFAULT '' COMMENT 'why its money was held; empty: never, or its amounts tell' AFTER `error`;
