/** States of a product. A removed one stays as a row, so that its orders keep what they were for. */
export const PRODUCT_STATUS = { onSale: 0, offShelf: 1, removed: 2 } as const;
