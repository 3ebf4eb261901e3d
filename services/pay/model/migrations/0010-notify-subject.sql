-- What a channel said about one trade or refund is looked up by its number.
ALTER TABLE `pay_notify` ADD KEY `idx_subject` (`subject`);
