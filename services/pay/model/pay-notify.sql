-- What channels said, byte by byte, before anything was done about it.
CREATE TABLE `pay_notify` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `channel` varchar(16) NOT NULL,
  `event_key` varchar(64) NOT NULL COMMENT 'the same for every delivery of the event',
  `kind` varchar(8) NOT NULL DEFAULT '' COMMENT 'trade or refund; empty: came before it was kept',
  `subject` varchar(64) NOT NULL DEFAULT '' COMMENT 'number of the trade or refund that it is about',
  `dispute_no` varchar(64) NOT NULL DEFAULT '' COMMENT 'number of the dispute that it is about, at the channel',
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
  KEY `idx_state` (`state`),
  KEY `idx_subject` (`subject`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
