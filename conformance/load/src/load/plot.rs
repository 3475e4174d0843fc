//! The results of a load test as an SVG picture: percentiles of latency over time, and its distribution.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::series::AreaSeries;

use super::report::{Latency, Report};
use super::table::heading;
use crate::units::grouped;

/// Width and height of the picture, and height of its upper chart, in pixels.
const SIZE: (u32, u32) = (960, 760);
const UPPER_HEIGHT: u32 = 440;
const INK: RGBColor = RGBColor(0x22, 0x2B, 0x38);
const FONT: &str = "system-ui, sans-serif";

/// A percentile: name, colour and value.
type Band = (&'static str, RGBColor, fn(&Latency) -> f64);

/// Highest percentile first: each area is drawn over the lower part of the one before.
const BANDS: [Band; 4] = [
    ("max", RGBColor(0xF3, 0xD9, 0xC6), |latency| latency.max_ms),
    ("p99", RGBColor(0xE8, 0xA8, 0x7C), |latency| latency.p99_ms),
    ("p90", RGBColor(0x8F, 0xB4, 0xC9), |latency| latency.p90_ms),
    ("p50", RGBColor(0x2F, 0x6F, 0x8F), |latency| latency.p50_ms),
];

/// The plotting library failed.
#[derive(Debug, thiserror::Error)]
#[error("the plot cannot be drawn: {0}")]
pub struct PlotError(String);

/// Draws the picture.
///
/// # Errors
/// The plotting library fails.
pub fn svg(report: &Report) -> Result<String, PlotError> {
    let mut out = String::new();
    {
        let area = SVGBackend::with_string(&mut out, SIZE).into_drawing_area();
        draw(report, &area).map_err(|error| PlotError(error.to_string()))?;
        area.present()
            .map_err(|error| PlotError(error.to_string()))?;
    }
    Ok(out)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type DrawResult = Result<(), Box<dyn std::error::Error>>;

fn draw(report: &Report, area: &Area<'_>) -> DrawResult {
    area.fill(&WHITE)?;
    let title = (FONT, 19).into_font().color(&INK);
    let area = area.margin(10, 0, 0, 0).titled(&heading(report), title)?;
    let (upper, lower) = area.split_vertically(UPPER_HEIGHT);
    let Some(latency) = &report.latency else {
        return Ok(());
    };
    // From the power of ten below all latencies to the one above them.
    let min = report.distribution.first().map_or(1.0, |bar| bar.up_to_ms);
    let min = 10_f64.powf((min / 1.3).log10().floor());
    let max = 10_f64.powf(latency.max_ms.log10().ceil()).max(min * 10.0);
    draw_over_time(report, &upper, min..max)?;
    draw_distribution(report, &lower, min..max)
}

fn draw_over_time(report: &Report, area: &Area<'_>, range: Range<f64>) -> DrawResult {
    let end = report.slices.last().map_or(1.0, |slice| slice.end_seconds);
    let floor = range.start;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(36)
        .caption("Latency over time", (FONT, 16).into_font().color(&INK))
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..end, range.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("seconds")
        .y_label_formatter(&|ms| power(*ms))
        .label_style((FONT, 13).into_font().color(&INK))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (name, colour, value) in BANDS {
        // Each slice is a step; one without deliveries is a gap.
        let mut begin = 0.0;
        let mut steps = Vec::new();
        for slice in &report.slices {
            let at = slice.latency.as_ref().map_or(floor, value);
            steps.extend([(begin, at), (slice.end_seconds, at)]);
            begin = slice.end_seconds;
        }
        chart
            .draw_series(AreaSeries::new(steps, floor, colour.filled()))?
            .label(name)
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.85))
        .label_font((FONT, 13).into_font().color(&INK))
        .draw()?;
    Ok(())
}

fn draw_distribution(report: &Report, area: &Area<'_>, range: Range<f64>) -> DrawResult {
    let highest = report.distribution.iter().map(|bar| bar.deliveries).max();
    let top = highest.unwrap_or(1).max(1) as f64 * 1.05;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(36)
        .caption("Distribution", (FONT, 16).into_font().color(&INK))
        .x_label_area_size(40)
        .y_label_area_size(90)
        .build_cartesian_2d(range.clone().log_scale(), 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc("latency")
        .y_desc("deliveries")
        .x_label_formatter(&|ms| power(*ms))
        .y_label_formatter(&|count| grouped(*count as u64))
        .label_style((FONT, 13).into_font().color(&INK))
        .light_line_style(TRANSPARENT)
        .draw()?;
    let mut from = range.start;
    for bar in &report.distribution {
        let corners = [(from, 0.0), (bar.up_to_ms, bar.deliveries as f64)];
        let style = BANDS[3].1.mix(0.8).filled();
        chart.draw_series([Rectangle::new(corners, style)])?;
        from = bar.up_to_ms;
    }
    Ok(())
}

/// A power of ten, given in milliseconds, as an axis label.
fn power(ms: f64) -> String {
    match ms {
        ms if ms < 0.9 => format!("{:.0} µs", ms * 1e3),
        ms if ms < 900.0 => format!("{ms:.0} ms"),
        ms => format!("{:.0} s", ms / 1e3),
    }
}
