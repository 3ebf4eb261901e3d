-- Every column type and kind of key.
CREATE TABLE `order` (
  `order_id` bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'the key',
  `tiny` tinyint NOT NULL DEFAULT '-128' COMMENT 'it''s; a -- comment # with /* marks */',
  `tiny_unsigned` tinyint(3) unsigned NOT NULL DEFAULT '255',
  `small` smallint NOT NULL DEFAULT -32768,
  `medium` mediumint unsigned NOT NULL DEFAULT 16777215,
  `int_signed` integer DEFAULT NULL,
  `big` bigint NOT NULL,
  `desc` varchar(255) NOT NULL DEFAULT 'it''s "x" \\ y',
  `code` char(3) NOT NULL DEFAULT '',
  `note` text,
  `model` int(10) unsigned NOT NULL DEFAULT '0',
  `expire_time` timestamp NULL DEFAULT NULL,
  `paid_time` datetime(3) NOT NULL,
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`order_id`),
  UNIQUE KEY `model_unique` (`model`),
  UNIQUE KEY `big_desc_unique` (`big`, `desc`),
  KEY `idx_note` (`code`, `tiny`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='orders';

CREATE TABLE order_line (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  num int NOT NULL DEFAULT 1
);
