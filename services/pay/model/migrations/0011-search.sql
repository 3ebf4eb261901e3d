-- Staff look payments and refunds up by state, by account, and by the numbers of channels.
ALTER TABLE `pay` ADD KEY `idx_status` (`status`);
ALTER TABLE `pay_attempt` ADD KEY `idx_state` (`state`);
ALTER TABLE `pay_attempt` ADD KEY `idx_channel` (`channel`, `pay_id`);
ALTER TABLE `pay_attempt` ADD KEY `idx_channel_trade_no` (`channel_trade_no`);
ALTER TABLE `pay_attempt` ADD KEY `idx_channel_ref` (`channel_ref`);
ALTER TABLE `pay_refund` ADD KEY `idx_channel_refund_no` (`channel_refund_no`);
