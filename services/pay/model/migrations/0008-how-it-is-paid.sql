-- How a buyer pays at a channel, and what the channel calls the trade where it does not go by our number.
ALTER TABLE `pay_attempt` ADD COLUMN `channel_ref` varchar(128) NOT NULL DEFAULT '' COMMENT 'what the channel calls it from its opening on, where it does not go by our number' AFTER `channel`;
ALTER TABLE `pay_attempt` ADD COLUMN `product` varchar(16) NOT NULL DEFAULT '' COMMENT 'how the buyer pays, e.g. qr' AFTER `expire_time`;
ALTER TABLE `pay_attempt` ADD COLUMN `payer_id` varchar(128) NOT NULL DEFAULT '' COMMENT 'who pays, as the channel knows people' AFTER `product`;
ALTER TABLE `pay_attempt` ADD COLUMN `return_url` varchar(255) NOT NULL DEFAULT '' COMMENT 'where the browser goes after it' AFTER `payer_id`;
ALTER TABLE `pay_attempt` ADD COLUMN `credential_kind` varchar(8) NOT NULL DEFAULT 'url' COMMENT 'url, qr or sdk' AFTER `credential`;
