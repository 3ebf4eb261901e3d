-- What came in a channel's name and was not signed by it: of those of some seconds the last, and how many there were.
CREATE TABLE `pay_notify_refused` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `channel` varchar(16) NOT NULL COMMENT 'in whose name they came',
  `count` int(10) unsigned NOT NULL DEFAULT '1' COMMENT 'how many since the row before',
  `reason` varchar(64) NOT NULL DEFAULT '' COMMENT 'of the last one, e.g. NOTIFY_FORGED',
  `error` varchar(255) NOT NULL DEFAULT '',
  `headers` text NOT NULL COMMENT 'JSON object, cut',
  `body` blob NOT NULL COMMENT 'as it came, cut',
  `is_cut` tinyint(3) unsigned NOT NULL DEFAULT '0',
  `received_at` bigint NOT NULL COMMENT 'when the last one came, milliseconds since the Unix epoch',
  PRIMARY KEY (`id`),
  KEY `idx_channel` (`channel`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
