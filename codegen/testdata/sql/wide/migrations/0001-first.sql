/* The first tables:
   a part of what they are now. */
CREATE TABLE IF NOT EXISTS `order` (
  `order_id` bigint unsigned NOT NULL AUTO_INCREMENT, -- the key
  `tiny` tinyint NOT NULL DEFAULT '-128' COMMENT 'it''s; a -- comment # with /* marks */',

  `tiny_unsigned` tinyint(3) unsigned NOT NULL DEFAULT '255',
  `int_signed` integer DEFAULT NULL,
  `big` bigint NOT NULL,
  `desc` varchar(255) NOT NULL DEFAULT 'it''s "x" \\ y',
  `note` text,
  `model` int(10) unsigned NOT NULL DEFAULT '0',
  `paid_time` datetime(3) NOT NULL,
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`order_id`),
  UNIQUE KEY `big_desc_unique` (`big`, `desc`),
  KEY `idx_model` (`model`), # replaced later
  KEY `idx_big` (`big`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS order_line (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY)
