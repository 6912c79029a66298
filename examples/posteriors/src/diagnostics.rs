//! How well chains mix: A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner, *Rank-normalization, folding, and
//! localization: an improved R̂ for assessing convergence of MCMC*, Bayesian Analysis 16, 2021.

use nilpotent::Real;

/// Each chain in two halves, so that a drift shows as well.
fn halves(chains: &[Vec<f64>]) -> Vec<&[f64]> {
    let half = |chain: &Vec<f64>| chain.len() / 2;
    chains.iter().flat_map(|chain| [&chain[..half(chain)], &chain[chain.len() - half(chain)..]]).collect()
}

/// The normal deviates that have the same ranks. Equal draws have the mean of their ranks.
fn normal_scores(chains: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut sorted: Vec<f64> = chains.iter().flat_map(|chain| chain.iter().copied()).collect();
    sorted.sort_by(f64::total_cmp);
    let score = |x: &f64| {
        let (below, upto) = (sorted.partition_point(|s| s < x), sorted.partition_point(|s| s <= x));
        let rank = (below + upto + 1) as f64 / 2.0;
        ((rank - 0.375) / (sorted.len() as f64 + 0.25)).probit()
    };
    chains.iter().map(|chain| chain.iter().map(score).collect()).collect()
}

pub(crate) fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// The sample variance.
fn variance(x: &[f64]) -> f64 {
    let mean = mean(x);
    x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (x.len() - 1) as f64
}

/// The mean variance within the chains, and the estimate from that and the variance of their means.
fn variances(chains: &[Vec<f64>]) -> [f64; 2] {
    let n = chains[0].len() as f64;
    let within = mean(&chains.iter().map(|chain| variance(chain)).collect::<Vec<_>>());
    let between = variance(&chains.iter().map(|chain| mean(chain)).collect::<Vec<_>>());
    [within, within * (n - 1.0) / n + between]
}

/// R̂ of halved chains, of ranks and of ranks of distances from the median; near 1 where chains agree.
pub(crate) fn r_hat(chains: &[Vec<f64>]) -> f64 {
    let mut all = chains.concat();
    all.sort_by(f64::total_cmp);
    let median = 0.5 * (all[(all.len() - 1) / 2] + all[all.len() / 2]);
    let folded: Vec<Vec<f64>> = chains.iter().map(|chain| chain.iter().map(|x| (x - median).abs()).collect()).collect();
    let ratio = |chains: &[Vec<f64>]| {
        let [within, total] = variances(&normal_scores(&halves(chains)));
        (total / within).sqrt()
    };
    ratio(chains).max(ratio(&folded))
}

/// How many independent draws would tell as much about the bulk of the distribution: of halved chains and ranks, with the sum
/// of autocorrelations up to where they are noise, by Geyer's initial monotone sequence.
pub(crate) fn effective_draws(chains: &[Vec<f64>]) -> f64 {
    let chains = normal_scores(&halves(chains));
    let [within, total] = variances(&chains);
    let (n, means) = (chains[0].len(), chains.iter().map(|chain| mean(chain)).collect::<Vec<_>>());
    let autocorrelation = |lag: usize| {
        let of_chain = |(chain, mean): (&Vec<f64>, &f64)| {
            chain.iter().zip(&chain[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n as f64
        };
        let covariance = chains.iter().zip(&means).map(of_chain).sum::<f64>() / chains.len() as f64;
        if lag == 0 { 1.0 } else { 1.0 - (within - covariance) / total }
    };
    // Sums of neighbors are positive and fall, apart from noise.
    let (mut sum, mut before) = (-1.0, f64::INFINITY);
    for lag in (0..n - 1).step_by(2) {
        let even = autocorrelation(lag);
        let pair = even + autocorrelation(lag + 1);
        if pair <= 0.0 {
            // Half of what is left where autocorrelations alternate.
            sum += even.max(0.0);
            break;
        }
        before = pair.min(before);
        sum += 2.0 * before;
    }
    let draws = (n * chains.len()) as f64;
    // Draws that swing count for more than independent ones, up to a bound.
    draws / sum.max(1.0 / draws.log10())
}
