-- Acts of people who work for the mall. Rows are only added.
CREATE TABLE `audit_entry` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `service` varchar(32) NOT NULL COMMENT 'the service whose rows the act is about',
  `operation` varchar(128) NOT NULL COMMENT 'full name of the rpc method, or the command',
  `who` varchar(64) NOT NULL COMMENT 'user:<uid>, os:<name>; empty: a caller that nobody named',
  `role` tinyint unsigned NULL COMMENT 'as in the token: 1 staff, 2 admin; null for a command',
  `address` varchar(64) NOT NULL COMMENT 'of the client, as the api saw it; of a command: its machine',
  `trace_id` varchar(32) NOT NULL COMMENT 'of the request; empty: none',
  `subject` varchar(128) NOT NULL COMMENT 'what the act is about, e.g. pay/17',
  `state_before` text NULL COMMENT 'JSON object: of what changed, as it was; null: it was not there',
  `state_after` text NULL COMMENT 'JSON object: the same, as it became; null: it is gone',
  `created_at` bigint unsigned NOT NULL COMMENT 'milliseconds since 1970',
  PRIMARY KEY (`id`),
  KEY `idx_subject` (`subject`),
  KEY `idx_who` (`who`),
  KEY `idx_created_at` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
