CREATE TABLE `idempotency` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `owner` varchar(64) NOT NULL COMMENT 'whose key it is: nobody meets the keys of others',
  `idempotency_key` varchar(255) NOT NULL COMMENT 'as the client sent it',
  `method` varchar(128) NOT NULL COMMENT 'the rpc method that the key was used for',
  `request_hash` char(64) NOT NULL COMMENT 'SHA-256 of the request, hexadecimal',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '0 running, 1 answered',
  `reference` varchar(128) NULL COMMENT 'names the work that will settle it, where that outlives its transaction',
  `answer` mediumtext NULL COMMENT 'JSON: {"ok":…} or {"error":…}',
  `created_at` bigint unsigned NOT NULL COMMENT 'milliseconds since 1970',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_owner_key` (`owner`,`idempotency_key`),
  UNIQUE KEY `idx_reference` (`reference`),
  KEY `idx_created_at` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
