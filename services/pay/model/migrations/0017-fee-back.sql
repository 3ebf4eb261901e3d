-- Some channels give a part of their fee back with a refund, and tell so by their bills: an entry of its own in the books.
ALTER TABLE `pay_refund` ADD COLUMN `fee_back` bigint unsigned NULL COMMENT 'what the channel gave back of its fee for it, where its bill told so' AFTER `channel_refund_no`;
