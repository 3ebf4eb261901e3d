-- Compared byte by byte: a key that differs in case alone is another key.
CREATE TABLE IF NOT EXISTS `job` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `queue` varchar(32) NOT NULL COMMENT 'the service whose workers run it',
  `kind` varchar(64) NOT NULL COMMENT 'which handler runs it',
  `unique_key` varchar(128) NULL COMMENT 'no second job of its queue has it',
  `payload` text NOT NULL COMMENT 'JSON object',
  `state` tinyint unsigned NOT NULL DEFAULT '0' COMMENT '0 waiting, 1 done, 2 dead, 3 cancelled',
  `due_at` bigint unsigned NOT NULL COMMENT 'ms since the epoch: when to run it next; claimed: until when the claim holds; ended: when it ended',
  `claim` varchar(64) NOT NULL DEFAULT '' COMMENT 'whose attempt goes on; empty: nobody''s',
  `attempts` int unsigned NOT NULL DEFAULT '0' COMMENT 'attempts that were begun',
  `failures` int unsigned NOT NULL DEFAULT '0' COMMENT 'attempts that failed, since the last that did not',
  `failing_since` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'ms since the epoch of the first of these; 0: none',
  `error` varchar(512) NOT NULL DEFAULT '' COMMENT 'of the last of these',
  `created_at` bigint unsigned NOT NULL COMMENT 'ms since the epoch',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uk_queue_unique_key` (`queue`,`unique_key`),
  KEY `idx_queue_state_kind_due_at` (`queue`,`state`,`kind`,`due_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
