//! From values to pixels, and the ticks between.

/// A linear scale: `lo..hi` onto `from..to` pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    lo: f64,
    hi: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale; an empty or unordered domain is widened so that every value has a place.
    pub(crate) fn new(lo: f64, hi: f64, from: f64, to: f64) -> Scale {
        let (lo, hi) = if lo.is_finite() && hi.is_finite() { (lo, hi) } else { (0.0, 1.0) };
        let (lo, hi) = (lo.min(hi).clamp(-1e12, 1e12), lo.max(hi).clamp(-1e12, 1e12));
        let least = 1e-9_f64.max(1e-9 * lo.abs());
        let (lo, hi) = if hi - lo < least { (lo - 0.5, lo + 0.5) } else { (lo, hi) };
        Scale { lo, hi, from, to }
    }

    /// The pixel of a value, kept within the scale's range.
    pub(crate) fn at(&self, x: f64) -> f64 {
        let share = ((x.clamp(-1e13, 1e13) - self.lo) / (self.hi - self.lo)).clamp(0.0, 1.0);
        self.from + share * (self.to - self.from)
    }

    /// Whether a value lies in the domain.
    pub(crate) fn holds(&self, x: f64) -> bool {
        let slack = 1e-9 * (self.hi - self.lo);
        x.is_finite() && x >= self.lo - slack && x <= self.hi + slack
    }

    /// The domain, and the pixels of its ends.
    pub(crate) fn ends(&self) -> ((f64, f64), (f64, f64)) {
        ((self.lo, self.hi), (self.from, self.to))
    }

    /// Round ticks of the domain, about `about` of them.
    pub(crate) fn ticks(&self, about: usize) -> Vec<f64> {
        ticks(self.lo, self.hi, about)
    }
}

/// An axis of time cut at the day a forecast is told from: a past of days next to a future of months
/// would be a sliver, so the past may be drawn wider than its share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    now: f64,
    /// Days up to now, if any are shown.
    pub(crate) past: Option<Scale>,
    /// Days from now on, if any are shown.
    pub(crate) ahead: Option<Scale>,
    /// Pixel of now.
    pub(crate) split: f64,
}

impl Time {
    /// Days `first..=last` onto `left..right`, with at least the share `least` and at most `most`
    /// of the width for the days up to `now`.
    pub(crate) fn new(
        (first, now, last): (f64, f64, f64),
        (left, right): (f64, f64),
        (least, most): (f64, f64),
    ) -> Time {
        if now <= first {
            let ahead = Some(Scale::new(first, last, left, right));
            return Time { now: first, past: None, ahead, split: left };
        }
        if now >= last {
            let past = Some(Scale::new(first, last, left, right));
            return Time { now: last, past, ahead: None, split: right };
        }
        let share = ((now - first) / (last - first)).clamp(least, most);
        let split = left + share * (right - left);
        Time {
            now,
            past: Some(Scale::new(first, now, left, split)),
            ahead: Some(Scale::new(now, last, split, right)),
            split,
        }
    }

    /// The pixel of a day.
    pub(crate) fn at(&self, n: f64) -> f64 {
        match (self.past, self.ahead) {
            (Some(past), _) if n <= self.now => past.at(n),
            (_, Some(ahead)) => ahead.at(n),
            (Some(past), None) => past.at(n),
            (None, None) => self.split,
        }
    }

    /// Whether a day is shown.
    pub(crate) fn holds(&self, n: f64) -> bool {
        [self.past, self.ahead].iter().flatten().any(|s| s.holds(n))
    }
}

/// The step of 1, 2 or 5 times a power of ten that cuts a span into about `about` parts.
pub(crate) fn step(span: f64, about: usize) -> f64 {
    let raw = span / about.max(1) as f64;
    if raw.is_nan() || raw <= 0.0 || raw.is_infinite() {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    let lead = raw / power;
    power
        * if lead < 1.5 {
            1.0
        } else if lead < 3.5 {
            2.0
        } else if lead < 7.5 {
            5.0
        } else {
            10.0
        }
}

/// Multiples of a round step within `lo..=hi`.
pub(crate) fn ticks(lo: f64, hi: f64, about: usize) -> Vec<f64> {
    let step = step(hi - lo, about);
    let (first, last) = ((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor());
    if !(first.is_finite() && last.is_finite()) || last - first > 1000.0 {
        return Vec::new();
    }
    let count = (last - first) as usize;
    (0..=count).map(|k| (first + k as f64) * step).map(|x| if x == 0.0 { 0.0 } else { x }).collect()
}

/// The domain widened to the round ticks around it.
pub(crate) fn nice(lo: f64, hi: f64, about: usize) -> (f64, f64) {
    let step = step(hi - lo, about);
    ((lo / step + 1e-9).floor() * step, (hi / step - 1e-9).ceil() * step)
}

/// The top of an axis of probability: the least of a few round shares that holds `most`.
pub(crate) fn top(most: f64) -> f64 {
    [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0].into_iter().find(|t| most <= *t).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 100.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(3.0, 17.0, 3), [5.0, 10.0, 15.0]);
        for (lo, hi) in [(-3.7, 912.0), (1e-7, 3e-7), (-1e9, 2e9), (4.0, 4.5)] {
            let all = ticks(lo, hi, 5);
            assert!(all.len() >= 2 && all.len() <= 9, "{all:?}");
            let gap = all[1] - all[0];
            let lead = gap / libm::pow(10.0, libm::floor(libm::log10(gap) + 1e-9));
            assert!([1.0, 2.0, 5.0].iter().any(|r| (r - lead).abs() < 1e-6), "{lead}");
        }
    }

    #[test]
    fn a_scale_without_extent_still_places_its_value() {
        let s = Scale::new(4.0, 4.0, 0.0, 10.0);
        assert_eq!(s.at(4.0), 5.0);
        assert_eq!(Scale::new(f64::NAN, 1.0, 0.0, 10.0).at(0.5), 5.0);
    }
}
