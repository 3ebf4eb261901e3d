-- What an order holds of the stock, which saga wrote it, and until when it may be paid. A row of the Go original
-- has one piece, no saga and no end.
ALTER TABLE `order`
  ADD COLUMN `num` int(10) unsigned NOT NULL DEFAULT '1' COMMENT '数量' AFTER `status`,
  ADD COLUMN `expire_time` timestamp NULL COMMENT '支付截止时间; NULL: none' AFTER `num`,
  ADD COLUMN `gid` varchar(128) NULL COMMENT 'saga that wrote the order' AFTER `expire_time`,
  ADD COLUMN `stock_branch` varchar(16) NOT NULL DEFAULT '' COMMENT 'branch of a foreign saga that takes the pieces' AFTER `gid`,
  ADD COLUMN `reservation` int(10) unsigned NOT NULL DEFAULT '0' COMMENT 'how often pieces were taken again' AFTER `stock_branch`,
  ADD UNIQUE KEY `idx_gid_unique` (`gid`),
  ADD KEY `idx_status_expire_time` (`status`, `expire_time`);
