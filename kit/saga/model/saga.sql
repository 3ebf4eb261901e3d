CREATE TABLE `saga` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `gid` varchar(128) NOT NULL COMMENT 'id of the whole transaction, part of every branch',
  `kind` varchar(64) NOT NULL COMMENT 'which definition its steps come from',
  `payload` text NOT NULL COMMENT 'JSON object that its steps are made of',
  `state` tinyint unsigned NOT NULL DEFAULT '0' COMMENT '0 going forward, 1 going back, 2 succeeded, 3 failed',
  `progress` smallint unsigned NOT NULL DEFAULT '0' COMMENT 'steps that are done; going back: that are still to be taken back',
  `answer` text NULL COMMENT 'JSON: what a success gave',
  `error` text NULL COMMENT 'JSON: why it goes or went back',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uk_gid` (`gid`),
  KEY `idx_state_update_time` (`state`,`update_time`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `barrier` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `trans_type` varchar(45) NULL DEFAULT '',
  `gid` varchar(128) NULL DEFAULT '',
  `branch_id` varchar(128) NULL DEFAULT '',
  `op` varchar(45) NULL DEFAULT '',
  `barrier_id` varchar(45) NULL DEFAULT '',
  `reason` varchar(45) NULL DEFAULT '' COMMENT 'the op that wrote the row',
  `create_time` datetime NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` datetime NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uniq_barrier` (`gid`,`branch_id`,`op`,`barrier_id`),
  KEY `idx_create_time` (`create_time`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
