-- The tries of a payment, its refunds, what channels said of both, and the books.
CREATE TABLE IF NOT EXISTS `pay_attempt` (
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
  `source` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT 'what the payment says if this is its success',
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

CREATE TABLE IF NOT EXISTS `pay_refund` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `refund_no` varchar(64) NOT NULL COMMENT 'its number, here and at the channel',
  `pay_id` bigint unsigned NOT NULL,
  `attempt_id` bigint unsigned NOT NULL COMMENT 'the attempt whose money it is',
  `amount` bigint unsigned NOT NULL,
  `cause` varchar(16) NOT NULL COMMENT 'request, surplus, order_gone, held',
  `reason` varchar(255) NOT NULL DEFAULT '',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0',
  `channel_refund_no` varchar(64) NOT NULL DEFAULT '',
  `requested_by` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'user who asked for it; 0: nobody',
  `error` varchar(255) NOT NULL DEFAULT '',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_refund_no_unique` (`refund_no`),
  KEY `idx_pay_id` (`pay_id`),
  KEY `idx_state` (`state`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `pay_notify` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `channel` varchar(16) NOT NULL,
  `event_key` varchar(64) NOT NULL COMMENT 'the same for every delivery of the event',
  `subject` varchar(64) NOT NULL DEFAULT '' COMMENT 'number of the trade or refund that it is about',
  `headers` mediumtext NOT NULL COMMENT 'JSON object',
  `body` mediumblob NOT NULL,
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0',
  `error` varchar(255) NOT NULL DEFAULT '',
  `received` int(10) unsigned NOT NULL DEFAULT '1' COMMENT 'how often it came',
  `received_at` bigint NOT NULL COMMENT 'when it came first, milliseconds since the Unix epoch',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_event_unique` (`channel`, `event_key`),
  KEY `idx_state` (`state`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `ledger_entry` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `txn_key` varchar(96) NOT NULL COMMENT 'what happened: receipt:<attempt>, refund:<refund>, accept:<attempt>',
  `line` tinyint(3) unsigned NOT NULL,
  `account` varchar(64) NOT NULL COMMENT 'channel:<name>, sales, fees, suspense',
  `debit` bigint unsigned NOT NULL DEFAULT '0',
  `credit` bigint unsigned NOT NULL DEFAULT '0',
  `currency` char(3) NOT NULL,
  `pay_id` bigint unsigned NOT NULL,
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_txn_line_unique` (`txn_key`, `line`),
  KEY `idx_pay_id` (`pay_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
