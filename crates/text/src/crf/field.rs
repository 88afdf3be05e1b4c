//! A trained field as it is read: chances of labels, and rows of labels cut evenly from all.
//!
//! # Model
//! For items `1..=T` a row of labels `y` has the chance `exp(Σ s(t, y_t) + Σ a(y_{t-1}, y_t)) / Z`: `s`
//! adds up the weights of an item's attributes, `a` is the weight of a transition. Before the first
//! item and behind the last one stands "O", as in training.
//!
//! # Reference
//! Rabiner (1989) for the sums ahead and behind, scaled at each item so that nothing runs over.

use crfs::{Attribute, Model};

/// A field whose weights stand side by side for each attribute. The library that trains it gives the
/// likeliest row alone, and no chances.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The field in the format of CRFsuite; names of attributes are looked up in it.
    bytes: Vec<u8>,
    /// Its labels.
    labels: Vec<char>,
    /// The number of the label "O".
    outside: usize,
    /// For each attribute the weights of all labels.
    weights: Vec<f64>,
    /// For each label the exponentials of the weights of what may follow it.
    transitions: Vec<f64>,
}

/// Where a file of CRFsuite says at which byte its weights begin.
const WEIGHTS_AT: usize = 28;

/// The bytes of a weight: kind, from what, to which label, all of 4 bytes, and the weight of 8.
const WEIGHT: usize = 20;

/// Four bytes of a file as a number.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
}

impl Field {
    /// Reads a field; says what is wrong with it.
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, &'static str> {
        let model = Model::new(&bytes).map_err(|_| "a field cannot be read")?;
        if model.num_labels() > 8 {
            return Err("a field has more than 8 labels");
        }
        let label = |number| model.to_label(number).and_then(|l| l.chars().next());
        let labels: Vec<char> = (0..model.num_labels()).filter_map(label).collect();
        let outside = labels.iter().position(|l| *l == 'O').ok_or("a field has no label `O`")?;
        if labels.len() != model.num_labels() as usize {
            return Err("a label has no name");
        }
        let mut weights = vec![0.0; model.num_attrs() as usize * labels.len()];
        let mut transitions = vec![0.0; labels.len() * labels.len()];
        place(&bytes, labels.len(), &mut weights, &mut transitions).ok_or("a weight is cut off")?;
        transitions.iter_mut().for_each(|w| *w = libm::exp(*w));
        Ok(Self { bytes, labels, outside, weights, transitions })
    }

    /// What looks up names of attributes; nothing should the library refuse what it took before.
    pub(super) fn reader(&self) -> Option<Reader<'_>> {
        Some(Reader { field: self, names: Model::new(&self.bytes).ok()? })
    }
}

/// Puts the weights of a file where they belong; `None` where one has no place.
fn place(bytes: &[u8], labels: usize, weights: &mut [f64], transitions: &mut [f64]) -> Option<()> {
    // Eight bytes before the count say what follows and how long it is.
    let start = number(bytes, WEIGHTS_AT)?.checked_add(12)?;
    let count = number(bytes, start - 4)?;
    for one in bytes.get(start..)?.chunks_exact(WEIGHT).take(count) {
        let (kind, from, label) = (number(one, 0)?, number(one, 4)?, number(one, 8)?);
        let weight = f64::from_le_bytes(one.get(12..)?.try_into().ok()?);
        let places = if kind == 0 { &mut *weights } else { &mut *transitions };
        *places.get_mut(from * labels + label).filter(|_| label < labels)? = weight;
    }
    Some(())
}

/// A field with the names of its attributes.
pub(super) struct Reader<'f> {
    field: &'f Field,
    names: Model<'f>,
}

impl<'f> Reader<'f> {
    /// What the field says of a row of items.
    pub(super) fn row(&self, items: &[Vec<Attribute>]) -> Row<'f> {
        let labels = self.field.labels.len();
        let mut here = vec![0.0; items.len() * labels];
        for (item, scores) in items.iter().zip(here.chunks_exact_mut(labels)) {
            for attribute in item {
                let Some(id) = self.names.to_attr_id(&attribute.name) else { continue };
                let start = id as usize * labels;
                let weights = self.field.weights.get(start..start + labels).unwrap_or_default();
                scores.iter_mut().zip(weights).for_each(|(s, w)| *s += attribute.value * w);
            }
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scores.iter_mut().for_each(|s| *s = libm::exp(*s - most));
        }
        Row::new(self.field, here)
    }
}

/// What a field says of a row of items.
pub(super) struct Row<'f> {
    field: &'f Field,
    /// For each item how readily it takes each label, seen alone.
    here: Vec<f64>,
    /// For each item and label how readily what follows goes with it.
    behind: Vec<f64>,
}

impl<'f> Row<'f> {
    /// Sums up from behind.
    fn new(field: &'f Field, here: Vec<f64>) -> Self {
        let labels = field.labels.len();
        let mut behind = vec![0.0; here.len()];
        let mut next: Vec<f64> =
            (0..labels).map(|l| f64::from(u8::from(l == field.outside))).collect();
        for at in (0..here.len() / labels).rev() {
            let own: Vec<f64> = (0..labels)
                .map(|from| next.iter().zip(field.after(from)).map(|(n, t)| n * t).sum())
                .collect();
            let own = scaled(own);
            behind[at * labels..][..labels].copy_from_slice(&own);
            next = own.iter().zip(&here[at * labels..]).map(|(o, h)| o * h).collect();
        }
        Self { field, here, behind }
    }

    /// For each item the chance that it has a label.
    pub(super) fn chances(&self, label: char) -> Vec<f64> {
        let field = self.field;
        let labels = field.labels.len();
        let wanted = field.labels.iter().position(|l| *l == label);
        let mut ahead: Vec<f64> = field.after(field.outside).to_vec();
        let mut found = Vec::with_capacity(self.here.len() / labels);
        for (here, behind) in self.here.chunks_exact(labels).zip(self.behind.chunks_exact(labels)) {
            let own = scaled(ahead.iter().zip(here).map(|(a, h)| a * h).collect());
            let both = scaled(own.iter().zip(behind).map(|(o, b)| o * b).collect());
            found.push(wanted.map_or(0.0, |w| both[w]));
            ahead = vec![0.0; labels];
            for (from, own) in own.iter().enumerate() {
                ahead.iter_mut().zip(field.after(from)).for_each(|(a, t)| *a += own * t);
            }
        }
        found
    }

    /// Rows of labels cut evenly from all: were all rows laid side by side in the order of their
    /// labels, each as wide as its chance, number `i` of `count` is the one at `(i + 1/2) / count`. A
    /// share of these rows is what the chance of it is, and nothing is drawn by lot.
    pub(super) fn rows(&self, count: usize) -> impl Iterator<Item = Vec<char>> {
        let both: Vec<f64> = self.here.iter().zip(&self.behind).map(|(h, b)| h * b).collect();
        (0..count).map(move |number| self.at(&both, (number as f64 + 0.5) / count as f64))
    }

    /// The row of labels at a place from 0 to 1, by how readily each item takes each label.
    fn at(&self, items: &[f64], mut place: f64) -> Vec<char> {
        let field = self.field;
        let mut last = field.outside;
        let mut label = |item: &[f64]| {
            let wide = |label: usize| field.after(last)[label] * item[label];
            let mut left = place * (0..item.len()).map(wide).sum::<f64>();
            let mut label = 0;
            while label + 1 < item.len() && left >= wide(label) {
                left -= wide(label);
                label += 1;
            }
            // Within the share of this label the place goes on to tell rows apart.
            place = if wide(label) > 0.0 { (left / wide(label)).min(1.0) } else { 0.5 };
            last = label;
            field.labels[label]
        };
        items.chunks_exact(field.labels.len()).map(&mut label).collect()
    }
}

impl Field {
    /// How readily each label follows one.
    fn after(&self, label: usize) -> &[f64] {
        let labels = self.labels.len();
        &self.transitions[label * labels..][..labels]
    }
}

/// Numbers in proportion that add up to one.
fn scaled(mut numbers: Vec<f64>) -> Vec<f64> {
    let sum: f64 = numbers.iter().sum();
    numbers.iter_mut().for_each(|n| *n /= sum);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of two labels: what is named "a" is likelier A, and A goes on.
    fn field() -> Field {
        let transitions = [0.3_f64, -0.2, 0.4, 1.1].map(libm::exp).to_vec();
        Field {
            bytes: Vec::new(),
            labels: vec!['O', 'A'],
            outside: 0,
            weights: Vec::new(),
            transitions,
        }
    }

    /// Each row of labels with its share, by trying all.
    fn all(field: &Field, here: &[f64]) -> Vec<(Vec<usize>, f64)> {
        let items = here.len() / 2;
        let rows = (0..1_usize << items).map(|bits| {
            let labels: Vec<usize> = (0..items).map(|t| bits >> (items - 1 - t) & 1).collect();
            let mut score = 1.0;
            let mut last = 0;
            for (t, label) in labels.iter().enumerate() {
                score *= field.after(last)[*label] * here[2 * t + label];
                last = *label;
            }
            (labels, score * field.after(last)[0])
        });
        let rows: Vec<_> = rows.collect();
        let sum: f64 = rows.iter().map(|(_, s)| s).sum();
        rows.into_iter().map(|(labels, score)| (labels, score / sum)).collect()
    }

    #[test]
    fn chances_and_shares_of_rows_are_those_of_all_rows() {
        let field = field();
        let here = vec![1.0, 0.4, 0.2, 1.0, 1.0, 0.9, 1.0, 0.1];
        let all = all(&field, &here);
        let row = Row::new(&field, here);
        for (t, chance) in row.chances('A').into_iter().enumerate() {
            let exact: f64 = all.iter().filter(|(l, _)| l[t] == 1).map(|(_, share)| share).sum();
            assert!((chance - exact).abs() < 1e-12, "{t}: {chance} {exact}");
        }
        assert_eq!(row.chances('?'), [0.0; 4]);
        let cut: Vec<Vec<char>> = row.rows(1000).collect();
        for (labels, share) in all {
            let labels: Vec<char> = labels.into_iter().map(|l| field.labels[l]).collect();
            let count = cut.iter().filter(|r| **r == labels).count() as f64;
            assert!((count - 1000.0 * share).abs() <= 1.0, "{labels:?} {count} {share}");
        }
    }

    #[test]
    fn nothing_is_said_of_no_items() {
        let field = field();
        let row = Row::new(&field, Vec::new());
        assert!(row.chances('A').is_empty() && row.rows(3).all(|r| r.is_empty()));
    }

    #[test]
    fn bytes_that_are_no_field_are_refused() {
        for bytes in [Vec::new(), vec![0; 60], b"lCRF".to_vec()] {
            assert!(Field::new(bytes).is_err());
        }
    }
}
