//! Random numbers that are the same in each run.

/// Returns a number uniform in -1 to 1 by xorshift64* (Vigna 2016). The seed must not be 0.
pub(crate) fn uniform(state: &mut u64) -> f64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    // Takes 53 bits, as many as f64 has.
    let bits = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11;
    bits as f64 / (1_u64 << 52) as f64 - 1.0
}
