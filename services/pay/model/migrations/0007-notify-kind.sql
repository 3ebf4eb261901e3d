-- What a notification is about is known when it is verified, and never read out of its bytes again: keys are replaced.
ALTER TABLE `pay_notify` ADD COLUMN `kind` varchar(8) NOT NULL DEFAULT '' COMMENT 'trade or refund; empty: came before it was kept' AFTER `event_key`;
