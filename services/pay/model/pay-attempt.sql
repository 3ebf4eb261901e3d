-- One try to be paid on one channel.
CREATE TABLE `pay_attempt` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `pay_id` bigint unsigned NOT NULL,
  `out_trade_no` varchar(64) NOT NULL COMMENT 'its number at the channel',
  `channel` varchar(16) NOT NULL,
  `channel_trade_no` varchar(64) NOT NULL DEFAULT '' COMMENT 'the number that the channel gave it',
  `amount` int(10) unsigned NOT NULL COMMENT 'what was asked for',
  `currency` char(3) NOT NULL,
  `received_amount` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'what came',
  `received_currency` char(3) NOT NULL DEFAULT '',
  `fee` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'what the channel keeps of it',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0',
  `success_of` bigint unsigned NULL COMMENT 'the payment whose one success it is',
  `expire_time` timestamp NULL COMMENT 'until when the channel takes money for it',
  `credential` text COMMENT 'what the buyer needs to pay',
  `error` varchar(255) NOT NULL DEFAULT '',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_out_trade_no_unique` (`out_trade_no`),
  UNIQUE KEY `idx_success_of_unique` (`success_of`),
  KEY `idx_pay_id` (`pay_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
