-- Money on its way back.
CREATE TABLE `pay_refund` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `refund_no` varchar(64) NOT NULL COMMENT 'its number, here and at the channel',
  `pay_id` bigint unsigned NOT NULL,
  `attempt_id` bigint unsigned NOT NULL COMMENT 'the attempt whose money it is',
  `amount` bigint unsigned NOT NULL,
  `cause` varchar(16) NOT NULL COMMENT 'request, surplus, order_gone, held',
  `reason` varchar(255) NOT NULL DEFAULT '',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0',
  `channel_refund_no` varchar(64) NOT NULL DEFAULT '',
  `fee_back` bigint unsigned NULL COMMENT 'what the channel gave back of its fee for it, where its bill told so',
  `requested_by` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'user who asked for it; 0: nobody',
  `error` varchar(255) NOT NULL DEFAULT '',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_refund_no_unique` (`refund_no`),
  KEY `idx_pay_id` (`pay_id`),
  KEY `idx_state` (`state`),
  KEY `idx_channel_refund_no` (`channel_refund_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
