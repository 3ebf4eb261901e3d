-- What a channel was asked, and what it answered; without secrets.
CREATE TABLE `pay_exchange` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `channel` varchar(16) NOT NULL,
  `operation` varchar(16) NOT NULL COMMENT 'prepay, query, close, refund, query_refund',
  `subject` varchar(64) NOT NULL COMMENT 'number of the trade or refund that it is about',
  `target` varchar(255) NOT NULL DEFAULT '' COMMENT 'method and address',
  `request` text NOT NULL COMMENT 'without secrets, cut',
  `status` int NOT NULL DEFAULT '0' COMMENT 'of the answer; 0: there was none',
  `answer` text NOT NULL COMMENT 'without secrets, cut',
  `is_cut` tinyint(3) unsigned NOT NULL DEFAULT '0',
  `error` varchar(255) NOT NULL DEFAULT '' COMMENT 'why there was no answer',
  `trace_id` varchar(32) NOT NULL DEFAULT '',
  `sent_at` bigint NOT NULL COMMENT 'milliseconds since the Unix epoch',
  `took_ms` int NOT NULL DEFAULT '0' COMMENT 'milliseconds to the answer',
  PRIMARY KEY (`id`),
  KEY `idx_subject` (`subject`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
