-- What disputes moved at a channel: money that a buyer's bank took, or gave back.
CREATE TABLE `pay_dispute_move` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `pay_id` bigint unsigned NOT NULL,
  `attempt_id` bigint unsigned NOT NULL,
  `channel` varchar(16) NOT NULL,
  `dispute_no` varchar(64) NOT NULL COMMENT 'number of the dispute at the channel',
  `move_no` varchar(64) NOT NULL COMMENT 'number of the movement at the channel: each counts once',
  `amount` bigint NOT NULL COMMENT 'what we have more of by it, before the fee; negative: less',
  `fee` bigint NOT NULL COMMENT 'what the channel keeps for it; negative: gives back',
  `currency` char(3) NOT NULL,
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_move_unique` (`channel`, `move_no`),
  KEY `idx_pay_id` (`pay_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
