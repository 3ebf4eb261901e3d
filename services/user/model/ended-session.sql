CREATE TABLE `ended_session` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `session` varchar(64) NOT NULL COMMENT 'of a browser that was signed out of',
  `ended` bigint unsigned NOT NULL COMMENT 'Unix second at which it was',
  `until` bigint unsigned NOT NULL COMMENT 'Unix second at which it would have ended by itself',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_session_unique` (`session`),
  KEY `idx_ended` (`ended`),
  KEY `idx_until` (`until`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
